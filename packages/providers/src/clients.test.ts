import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from '@flywheel/testkit/llm/behaviour';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import { openClient } from './open-client.ts';
import { question, rejection, settings } from './provider.fixture.ts';

const SCHEMA = { type: 'object', properties: { first_error: { type: ['integer', 'null'] } } };
const KEY = 'sk-a-secret-that-must-not-show';
const NEVER = new AbortController().signal;

let stub: StubLlm;
let client: ProviderClient;
afterEach(async () => {
  await client.close();
  await stub.close();
});

describe.each(['openai', 'anthropic'] as const)('%s', (kind) => {
  const open = (more: { timeoutSeconds?: number; baseUrl?: string; key?: string } = {}): void => {
    const limits = { timeoutSeconds: more.timeoutSeconds ?? 30 };
    client = openClient(settings(more.baseUrl ?? stub.url, { kind, limits }), more.key ?? KEY, {
      recordings: '',
    });
  };
  const failing = async (then: Behaviour, onText?: (delta: string) => void): Promise<ChatFailure> => {
    stub.change({ rules: [{ then }] });
    const failure = await rejection(client.complete(question(), { signal: NEVER, onText }));
    expect(failure).toBeInstanceOf(ChatFailure);
    return failure as ChatFailure;
  };

  beforeEach(async () => {
    stub = await startStubLlm({ answers: { kind: 'text', text: 'There are ducks, "7" of them.' }, key: KEY });
    open();
  });

  it('[P1] gives text, finish, tokens and time, whole and streamed', async () => {
    const answer = await client.complete(question(), { signal: NEVER });
    expect(answer).toMatchObject({ text: 'There are ducks, "7" of them.', finish: 'stop' });
    expect(answer.usage.estimated).toBe(false);
    expect(answer.usage.input).toBeGreaterThan(3);
    expect(answer.modelMs).toBeGreaterThan(0);
    const deltas: string[] = [];
    const streamed = await client.complete(question(), { signal: NEVER, onText: (d) => deltas.push(d) });
    expect(streamed).toMatchObject({ text: answer.text, finish: 'stop', usage: answer.usage });
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join('')).toBe(answer.text);
  });

  it('[P1] a refusal and a cut answer are said to be so', async () => {
    stub.change({ rules: [{ then: { kind: 'answer', form: 'truncated' } }] });
    expect((await client.complete(question(), { signal: NEVER })).finish).toBe('length');
    stub.change({ rules: [{ then: { kind: 'answer', form: 'refusal' } }] });
    expect((await client.complete(question(), { signal: NEVER })).finish).toBe('refusal');
  });

  it('[P2] a schema is asked for; where it is refused, the answer is asked for without', async () => {
    await client.close();
    await stub.close();
    stub = await startStubLlm({ keepBodies: true });
    open();
    await client.complete(question('a', { schema: SCHEMA }), { signal: NEVER });
    expect(JSON.stringify(stub.calls[0]?.body)).toContain('first_error');
    const refusing = {
      kind: 'error',
      error: 'bad-request',
      detail: 'response_format is not supported',
    } as const;
    stub.change({ rules: [{ when: { contains: 'b', first: 1 }, then: refusing }] });
    const answer = await client.complete(question('b', { schema: SCHEMA }), { signal: NEVER });
    expect(answer.finish).toBe('stop');
    await client.complete(question('c', { schema: SCHEMA }), { signal: NEVER });
    const later = stub.calls.slice(-2).map((call) => JSON.stringify(call.body));
    for (const body of later) expect(body).not.toContain('first_error');
  });

  it('[P2] a schema that was refused says nothing about another one', async () => {
    const refusing = {
      kind: 'error',
      error: 'bad-request',
      detail: 'Invalid schema for response_format',
    } as const;
    stub.change({ rules: [{ when: { first: 1 }, then: refusing }] });
    const other = { type: 'object', properties: { verdict: { type: 'string' } } };
    for (const schema of [SCHEMA, other, SCHEMA])
      await client.complete(question('a', { schema }), { signal: NEVER });
    // Refused, without, with the other one, without again.
    expect(stub.calls.map((call) => call.status)).toEqual([400, 200, 200, 200]);
    expect(stub.calls[2]?.bodyBytes).toBeGreaterThan(stub.calls[1]?.bodyBytes ?? 0);
    expect(stub.calls[3]?.bodyHash).toBe(stub.calls[1]?.bodyHash);
  });

  it.each(['missing', 'zero', 'negative'] as const)(
    '[P1] counts that are %s are estimated',
    async (usage) => {
      // Anthropic's protocol does not allow an answer without them.
      if (kind === 'anthropic' && usage === 'missing') {
        expect(await failing({ kind: 'answer', usage })).toMatchObject({ failure: 'bad-response' });
        return;
      }
      stub.change({ rules: [{ then: { kind: 'answer', usage } }] });
      const answer = await client.complete(question(), { signal: NEVER });
      expect(answer.usage).toMatchObject({ estimated: true });
      expect(answer.usage.output).toBeGreaterThan(3);
    },
  );

  it.each([
    ['rate-limit', 'rate-limited', true],
    ['overloaded', 'overloaded', true],
    ['server-error', 'server-error', true],
    ['context-length', 'context-too-long', false],
    ['unknown-model', 'no-such-model', false],
    ['quota', 'quota', false],
  ] as const)('[P3] %s is %s', async (error, failure, retryable) => {
    const said = await failing({ kind: 'error', error });
    expect(said).toMatchObject({ failure, retryable });
    expect(said.remedy).not.toBe('');
    expect(said.raw).not.toBe(null);
    expect(`${said.message}${said.raw}`).not.toContain(KEY);
  });

  it('[P3] a wrong key is said to be so, and does not show', async () => {
    open({ key: 'sk-wrong-key-that-must-not-show' });
    const failure = (await rejection(client.complete(question(), { signal: NEVER }))) as ChatFailure;
    expect(failure).toMatchObject({ failure: 'wrong-key', inSetUp: true });
    expect(`${failure.message} ${failure.raw} ${failure.stack}`).not.toContain('sk-wrong');
  });

  it('[P3] Retry-After is read in seconds, as a date, in milliseconds', async () => {
    const after = async (retryAfter: object): Promise<number | null> =>
      (await failing({ kind: 'error', error: 'rate-limit', retryAfter })).retryAfterMs;
    expect(await after({ seconds: 3 })).toBe(3_000);
    expect(await after({ ms: 40 })).toBe(40);
    const dated = await after({ dateInMs: 5_000 });
    expect(dated).toBeGreaterThan(2_000);
    expect(dated).toBeLessThan(7_000);
  });

  it('[P3] broken JSON, a reset, an end before the end, a proxy page', async () => {
    expect(await failing({ kind: 'answer', form: 'malformed-body' })).toMatchObject({
      failure: 'bad-response',
    });
    expect(await failing({ kind: 'reset', at: 'start' })).toMatchObject({ failure: 'network' });
    expect(await failing({ kind: 'reset', at: 'half' })).toMatchObject({ failure: 'network' });
    expect(await failing({ kind: 'reset', at: 'half' }, () => undefined)).toMatchObject({
      failure: 'network',
    });
    expect(await failing({ kind: 'end-early' }, () => undefined)).toMatchObject({ retryable: true });
    const page = await failing({ kind: 'error', error: 'overloaded', html: true });
    expect(page.message).not.toContain('<');
  });

  it.each(['nothing', 'headers', 'half'] as const)(
    '[P4] a call that hangs after %s ends in time',
    async (after) => {
      await client.close();
      open({ timeoutSeconds: 1 });
      const began = Date.now();
      expect(await failing({ kind: 'hang', after })).toMatchObject({ failure: 'timeout', retryable: true });
      expect(Date.now() - began).toBeLessThan(5_000);
    },
  );

  it('[P4] a list of models that hangs ends in time', async () => {
    await client.close();
    open({ timeoutSeconds: 1 });
    stub.change({ modelsThen: { kind: 'hang' } });
    expect(await rejection(client.models(NEVER))).toMatchObject({ failure: 'timeout' });
  });

  it('[P4] aborted, a call ends at once with the reason of the abort', async () => {
    stub.change({ rules: [{ then: { kind: 'hang' } }] });
    const controller = new AbortController();
    const call = rejection(client.complete(question(), { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('enough')), 50);
    expect(await call).toMatchObject({ message: 'enough' });
  });

  it('[P5] no more than so many bytes are read', async () => {
    expect(await failing({ kind: 'answer', hugeMb: 20 })).toMatchObject({ failure: 'bad-response' });
  });

  it('[P6] a redirect is not followed, and nothing goes where it leads', async () => {
    let reached = 0;
    const target = createServer((_, response) => {
      reached++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const to = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const turning = createServer((_, response) => response.writeHead(307, { location: to }).end());
    await new Promise<void>((resolve) => turning.listen(0, '127.0.0.1', resolve));
    open({ baseUrl: `http://127.0.0.1:${(turning.address() as AddressInfo).port}/v1` });
    const failure = (await rejection(client.complete(question(), { signal: NEVER }))) as ChatFailure;
    expect(failure).toMatchObject({ failure: 'blocked-address' });
    expect(failure.message).toContain(to);
    expect(reached).toBe(0);
    turning.close();
    target.close();
  });

  it('[P7] lists models; a server that is not there is named', async () => {
    expect(await client.models(NEVER)).toEqual(['stub-1']);
    await client.close();
    open({ baseUrl: 'http://127.0.0.1:9/v1' });
    const failure = (await rejection(client.models(NEVER))) as ChatFailure;
    expect(failure).toMatchObject({ failure: 'network', message: 'Nothing listens at http://127.0.0.1:9.' });
  });
});

it('[P2] a model that wants the newer name of the limit of tokens gets it from then on', async () => {
  stub = await startStubLlm({ keepBodies: true });
  const detail = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
  stub.change({ rules: [{ when: { first: 1 }, then: { kind: 'error', error: 'bad-request', detail } }] });
  client = openClient(settings(stub.url), null, { recordings: '' });
  await client.complete(question('a'), { signal: NEVER });
  await client.complete(question('b'), { signal: NEVER });
  const limits = stub.calls.map(({ body }) => {
    const { max_tokens, max_completion_tokens } = body as Record<string, number | undefined>;
    return [max_tokens, max_completion_tokens];
  });
  expect(limits).toEqual([
    [100, undefined],
    [undefined, 100],
    [undefined, 100],
  ]);
});
