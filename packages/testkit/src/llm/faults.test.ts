import { afterEach, expect, test } from 'vitest';
import { type Asked, ask, eventsOf } from './ask.fixture.ts';
import type { AnswerForm, Behaviour } from './behaviour.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubLlm, StubOptions } from './stub-options.ts';

let stub: StubLlm | undefined;
const start = async (options: StubOptions = {}): Promise<StubLlm> => {
  stub = await startStubLlm(options);
  return stub;
};
const behaving = (then: Behaviour, options: StubOptions = {}): Promise<StubLlm> =>
  start({ ...options, rules: [{ then }] });
afterEach(() => stub?.close());

const JSON_ANSWER = '{"first_error":2,"rationale":"see [S2]"}';
const said = { answers: { kind: 'text', text: JSON_ANSWER } } as const;

/** Reads a stream until it ends or breaks. */
const readUntilBroken = async (llm: StubLlm, body: Record<string, unknown>): Promise<[string, boolean]> => {
  const response = await fetch(`${llm.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'stub-1', messages: [{ role: 'user', content: 'x' }], ...body }),
  });
  let text = '';
  try {
    for await (const part of response.body as ReadableStream<Uint8Array>)
      text += Buffer.from(part).toString();
    return [text, false];
  } catch {
    return [text, true];
  }
};

test('[L9] a call waits for its latency, and calls wait side by side', async () => {
  const llm = await start({ latency: 100 });
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(llm, 'openai', `call ${i}`)));
  for (const { ms } of all) expect(ms).toBeGreaterThanOrEqual(99);
  expect(Math.max(...all.map(({ ms }) => ms))).toBeLessThan(1500);
});

test('[L9] slow headers, slow bodies: late, between headers and body, dripping, and between events', async () => {
  const timed = async (
    then: Behaviour,
    stream = false,
  ): Promise<{ headersMs: number; ms: number; text: string }> => {
    stub?.close();
    const llm = await behaving(then, said);
    const begun = performance.now();
    const response = await fetch(`${llm.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], stream }),
    });
    const headersMs = performance.now() - begun;
    return { headersMs, text: await response.text(), ms: performance.now() - begun };
  };
  const late = await timed({ kind: 'answer', latency: 200 });
  expect(late.headersMs).toBeGreaterThan(195);
  const between = await timed({ kind: 'answer', latency: 600, headersFirst: true });
  expect(between.headersMs).toBeLessThan(400);
  expect(between.ms).toBeGreaterThan(595);
  const drip = await timed({ kind: 'answer', trickle: { bytes: 50, everyMs: 30 } });
  expect(drip.headersMs).toBeLessThan(drip.ms - 100);
  expect(JSON.parse(drip.text).choices[0].message.content).toBe(JSON_ANSWER);
  // Twelve events, so eleven gaps and one before the end.
  const events = await timed({ kind: 'answer', gapMs: 20, chunks: 8 }, true);
  expect(events.ms).toBeGreaterThan(11 * 19);
  expect(eventsOf(events.text).at(-1)).toBe('[DONE]');
});

test('[L10] a call that hangs, wherever it does, ends only with its caller', async () => {
  for (const after of ['nothing', 'headers', 'half'] as const) {
    stub?.close();
    const llm = await behaving({ kind: 'hang', after });
    await expect(ask(llm, 'openai', 'hello', {}, {}, AbortSignal.timeout(400))).rejects.toThrow();
    await expect.poll(() => llm.inFlight).toBe(0);
    expect(llm.calls.map(({ end, status }) => ({ end, status }))).toEqual([
      { end: 'gone', status: after === 'nothing' ? 0 : 200 },
    ]);
  }
});

test('[L6] 429 with Retry-After in seconds, in milliseconds and as a date, then 500, 503, 529, then answers', async () => {
  const llm = await start({
    rules: [
      {
        name: 'burst',
        when: { first: 1 },
        then: { kind: 'error', error: 'rate-limit', retryAfter: { seconds: 3, ms: 2900 } },
      },
      { when: { first: 1 }, then: { kind: 'error', error: 'rate-limit', retryAfter: { dateInMs: 5000 } } },
      { when: { first: 1 }, then: { kind: 'error', error: 'server-error' } },
      { when: { first: 1 }, then: { kind: 'error', error: 'unavailable', html: true } },
      { when: { first: 1 }, then: { kind: 'error', error: 'overloaded' } },
    ],
  });
  const seen: Asked[] = [];
  for (let i = 0; i < 6; i++) seen.push(await ask(llm, i % 2 ? 'anthropic' : 'openai', `call ${i}`));
  expect(seen.map(({ status }) => status)).toEqual([429, 429, 500, 503, 529, 200]);
  const header = (i: number, name: string): string | null => seen[i]?.headers.get(name) ?? null;
  expect([header(0, 'retry-after'), header(0, 'retry-after-ms')]).toEqual(['3', '2900']);
  const ahead = Date.parse(header(1, 'retry-after') ?? '') - Date.now();
  expect(ahead).toBeGreaterThan(3000);
  expect(ahead).toBeLessThanOrEqual(6000);
  expect(header(3, 'content-type')).toBe('text/html');
  expect(llm.calls.map(({ rule }) => rule)).toEqual(['burst', '1', '2', '3', '4', null]);
});

test('[L14] a reset comes before the headers, or after half of the body', async () => {
  const first = await behaving({ kind: 'reset', at: 'start' }, said);
  // A mere end of the connection would be `UND_ERR_SOCKET`.
  await expect(ask(first, 'openai', 'x')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(first.calls[0]).toMatchObject({ status: 0, end: 'cut' });
  await first.close();

  const half = await behaving({ kind: 'reset', at: 'half' }, said);
  const [whole, broke] = await readUntilBroken(half, {});
  expect(broke).toBe(true);
  expect(() => JSON.parse(whole)).toThrow();
  const [stream, streamBroke] = await readUntilBroken(half, { stream: true });
  expect(streamBroke).toBe(true);
  expect(stream).toContain('"content":"{\\"');
  expect(stream).not.toContain('[DONE]');
  await expect.poll(() => half.calls.map(({ end }) => end)).toEqual(['cut', 'cut']);
});

test('[L14] a stream ends early without a word, or says that it failed', async () => {
  const early = await behaving({ kind: 'end-early' }, said);
  const [text, broke] = await readUntilBroken(early, { stream: true });
  expect(broke).toBe(false);
  expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/);
  expect(early.calls[0]).toMatchObject({ end: 'cut' });
  early.change({ rules: [{ then: { kind: 'stream-error', error: 'overloaded' } }] });
  const events = eventsOf((await ask(early, 'anthropic', 'x', { stream: true })).text);
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
});

test('[L15] answers in every form, whole and streamed', async () => {
  const llm = await start(said);
  const content = async (form: AnswerForm): Promise<string> => {
    llm.change({ rules: [{ then: { kind: 'answer', form } }] });
    const whole = (await ask(llm, 'openai', 'x')).json.choices[0].message.content;
    const events = eventsOf((await ask(llm, 'openai', 'x', { stream: true })).text).slice(1, -2);
    expect(events.map(({ choices }) => choices[0].delta.content).join('')).toBe(whole);
    return whole;
  };
  expect(await content('plain')).toBe(JSON_ANSWER);
  expect(await content('fence')).toBe(`\`\`\`json\n${JSON_ANSWER}\n\`\`\``);
  expect(await content('prose')).toMatch(/^Let me .*\n\n\{"first_error":2,.*\}\n\nI hope/s);
  const words = await content('not-json');
  expect(words).not.toMatch(/[{}]/);
  expect(JSON.parse(await content('wrong-schema'))).not.toHaveProperty('first_error');
  expect(await content('empty')).toBe('');
});

test('[L15] a refusal, a cut answer and a broken body, in the form of each vendor', async () => {
  const llm = await behaving({ kind: 'answer', form: 'refusal' }, said);
  const refusal = await ask(llm, 'openai', 'x');
  expect(refusal.json.choices[0].message).toMatchObject({
    content: null,
    refusal: expect.stringContaining('sorry'),
  });
  const streamed = eventsOf((await ask(llm, 'openai', 'x', { stream: true })).text).slice(1, -2);
  expect(streamed.every(({ choices }) => choices[0].delta.refusal !== undefined)).toBe(true);
  expect((await ask(llm, 'anthropic', 'x')).json).toMatchObject({ content: [], stop_reason: 'refusal' });
  const events = eventsOf((await ask(llm, 'anthropic', 'x', { stream: true })).text);
  expect(events.find(({ type }) => type === 'message_delta').delta.stop_reason).toBe('refusal');

  llm.change({ rules: [{ then: { kind: 'answer', form: 'truncated' } }] });
  const cut = (await ask(llm, 'openai', 'x')).json.choices[0];
  expect(cut.finish_reason).toBe('length');
  expect(JSON_ANSWER.startsWith(cut.message.content)).toBe(true);
  expect((await ask(llm, 'anthropic', 'x')).json.stop_reason).toBe('max_tokens');

  llm.change({ rules: [{ then: { kind: 'answer', form: 'malformed-body' } }] });
  const broken = await ask(llm, 'openai', 'x');
  expect(broken.status).toBe(200);
  expect(() => JSON.parse(broken.text)).toThrow();
  const stream = (await ask(llm, 'anthropic', 'x', { stream: true })).text;
  expect(() => eventsOf(stream)).toThrow();
});

test('[L15] token counts that are missing, impossible or wrong', async () => {
  const llm = await start(said);
  const usage = async (form: 'missing' | 'zero' | 'negative' | 'wrong'): Promise<unknown> => {
    llm.change({ rules: [{ then: { kind: 'answer', usage: form } }] });
    return (await ask(llm, 'openai', 'one two three')).json.usage;
  };
  expect(await usage('missing')).toBeUndefined();
  expect(await usage('zero')).toMatchObject({ prompt_tokens: 0, completion_tokens: 0 });
  expect(await usage('negative')).toMatchObject({ prompt_tokens: -4, completion_tokens: -3 });
  expect(await usage('wrong')).toMatchObject({ prompt_tokens: 40, completion_tokens: 30 });
});

test('[L14] a huge body, whole, and a redirect to another origin', async () => {
  const llm = await behaving({ kind: 'answer', hugeMb: 3 }, said);
  const { json, text } = await ask(llm, 'openai', 'x', { max_tokens: 10 });
  expect(text.length).toBeGreaterThan(3e6);
  expect(json.choices[0].message.content.startsWith(JSON_ANSWER)).toBe(true);
  llm.change({ rules: [{ then: { kind: 'redirect', to: 'http://127.0.0.1:9/v1', status: 302 } }] });
  const away = await ask(llm, 'openai', 'x');
  expect([away.status, away.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/v1']);
});

test('[L11] a mistake of the test is a 400 that says so', async () => {
  const llm = await start({
    answers: () => {
      throw new Error('my answer function broke');
    },
  });
  const broken = await ask(llm, 'openai', 'x');
  expect([broken.status, broken.json.error.message]).toEqual([400, 'my answer function broke']);
  llm.change({ rules: [{ then: { kind: 'end-early' } }] });
  expect((await ask(llm, 'openai', 'x')).json.error.message).toContain('end-early is for streams');
  llm.change({ rules: [{ then: { kind: 'hnag' } as unknown as Behaviour }] });
  expect((await ask(llm, 'openai', 'x')).json.error.message).toContain(
    'no behaviour is called {"kind":"hnag"}',
  );
});
