import { afterEach, expect, test } from 'vitest';
import { ask, eventsOf } from './ask.fixture.ts';
import type { Behaviour } from './behaviour.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubLlm, StubOptions } from './stub-options.ts';
import type { EndpointError } from './wire.ts';

let stub: StubLlm | undefined;
const start = async (options: StubOptions = {}): Promise<StubLlm> => {
  stub = await startStubLlm(options);
  return stub;
};
afterEach(() => stub?.close());

const TEXT = 'one two three four five six seven eight nine ten';
const said = { answers: { kind: 'text', text: TEXT } } as const;

test('[L5] an OpenAI stream: role, content, finish, usage only when asked for, [DONE]', async () => {
  const llm = await start(said);
  const plain = eventsOf((await ask(llm, 'openai', 'count', { stream: true })).text);
  expect(plain.at(-1)).toBe('[DONE]');
  expect(plain[0].choices[0].delta).toEqual({ role: 'assistant', content: '', refusal: null });
  const chunks = plain.slice(1, -2);
  expect(chunks.length).toBe(8);
  expect(chunks.map(({ choices }) => choices[0].delta.content).join('')).toBe(TEXT);
  expect(plain.at(-2).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
  expect(plain.some((event) => event !== '[DONE]' && 'usage' in event)).toBe(false);

  const more = { stream: true, stream_options: { include_usage: true } };
  const counted = eventsOf((await ask(llm, 'openai', 'count', more)).text);
  expect(counted.at(-2)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 1, completion_tokens: 13, total_tokens: 14 },
  });
  expect(counted.slice(0, -2).every(({ usage }) => usage === null)).toBe(true);
  expect(new Set(counted.slice(0, -1).map(({ id }) => id)).size).toBe(1);
});

test('[L5] an Anthropic stream: its events in their order, each named', async () => {
  const llm = await start(said);
  const { text, headers } = await ask(llm, 'anthropic', 'count', { stream: true });
  expect(headers.get('content-type')).toContain('text/event-stream');
  const events = eventsOf(text);
  expect(text.match(/^event: .*$/gm)?.map((line) => line.slice(7))).toEqual(events.map(({ type }) => type));
  expect(events.map(({ type }) => type)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    ...Array(8).fill('content_block_delta'),
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(events[0].message).toMatchObject({ role: 'assistant', content: [], usage: { input_tokens: 1 } });
  expect(
    events
      .filter(({ type }) => type === 'content_block_delta')
      .map(({ delta }) => delta.text)
      .join(''),
  ).toBe(TEXT);
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 13 } });
});

test('[L5] pieces of a stream never split a character', async () => {
  const faces = '😀'.repeat(50);
  const llm = await start({ answers: { kind: 'text', text: faces } });
  const events = eventsOf((await ask(llm, 'openai', 'x', { stream: true })).text).slice(1, -2);
  const pieces = events.map(({ choices }) => choices[0].delta.content as string);
  expect(pieces.join('')).toBe(faces);
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
});

test('[L13] an Anthropic call that must use a tool gets its input, whole and streamed; text that is no object stays text', async () => {
  const llm = await start({ answers: { kind: 'text', text: '{"first_error":2}' } });
  const tools = [{ name: 'json', input_schema: { type: 'object' } }];
  for (const choice of [{ type: 'tool', name: 'json' }, { type: 'any' }]) {
    const more = { tools, tool_choice: choice };
    const { json } = await ask(llm, 'anthropic', 'x', more);
    expect(json.content).toEqual([
      { type: 'tool_use', id: expect.any(String), name: 'json', input: { first_error: 2 } },
    ]);
    expect(json.stop_reason).toBe('tool_use');
    const events = eventsOf((await ask(llm, 'anthropic', 'x', { ...more, stream: true })).text);
    expect(events.map(({ delta }) => delta?.partial_json ?? '').join('')).toBe('{"first_error":2}');
  }
  llm.change({ answers: { kind: 'text', text: 'I would rather talk.' } });
  const { json } = await ask(llm, 'anthropic', 'x', { tools, tool_choice: { type: 'any' } });
  expect(json).toMatchObject({ content: [{ type: 'text' }], stop_reason: 'end_turn' });
});

test('[L1] models: each vendor has its own list, and a model that is not in it is a 404', async () => {
  const llm = await start({ models: ['small', 'large'] });
  const list = async (headers: Record<string, string>): Promise<unknown> =>
    (await fetch(`${llm.url}/models`, { headers })).json();
  expect(await list({})).toMatchObject({
    object: 'list',
    data: [{ id: 'small', object: 'model' }, { id: 'large' }],
  });
  expect(await list({ 'anthropic-version': '2023-06-01' })).toMatchObject({
    data: [{ type: 'model', id: 'small', display_name: 'small' }, { id: 'large' }],
    has_more: false,
    first_id: 'small',
    last_id: 'large',
  });
  expect((await ask(llm, 'openai', 'x', { model: 'large' })).status).toBe(200);
  const unknown = await ask(llm, 'openai', 'x', { model: 'huge' });
  expect([unknown.status, unknown.json.error.code]).toEqual([404, 'model_not_found']);
});

test('[L1] a wrong key or none is a 401 in the form of its vendor, for calls and for models', async () => {
  const llm = await start({ key: 'sk-right' });
  const tries = [
    await ask(llm, 'openai', 'x', {}, { authorization: 'Bearer sk-right' }),
    await ask(llm, 'anthropic', 'x', {}, { 'x-api-key': 'sk-right' }),
    await ask(llm, 'openai', 'x', {}, { authorization: 'Bearer sk-wrong' }),
    await ask(llm, 'anthropic', 'x'),
  ];
  expect(tries.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  expect(tries[2]?.json.error.code).toBe('invalid_api_key');
  expect(tries[3]?.json).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  expect(llm.calls.map(({ rightKey }) => rightKey)).toEqual([true, true, false, false]);
  expect((await fetch(`${llm.url}/models`)).status).toBe(401);
});

test('[L1] the list of models can fail as calls can, and such requests are recorded apart', async () => {
  const llm = await start({ modelsThen: { kind: 'error', error: 'server-error', html: true } });
  const headers = { authorization: 'Bearer sk-of-another' };
  const failed = await fetch(`${llm.url}/models`, { headers });
  expect([failed.status, failed.headers.get('content-type')]).toEqual([500, 'text/html']);
  llm.change({ modelsThen: { kind: 'redirect', to: 'http://127.0.0.1:9/v1/models' } });
  const away = await fetch(`${llm.url}/models`, { redirect: 'manual' });
  expect([away.status, away.headers.get('location')]).toEqual([307, 'http://127.0.0.1:9/v1/models']);
  llm.change({ modelsThen: { kind: 'reset', at: 'start' } });
  await expect(fetch(`${llm.url}/models`)).rejects.toThrow('fetch failed');
  llm.change({ modelsThen: { kind: 'hang' } });
  await expect(fetch(`${llm.url}/models`, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  llm.change({ modelsThen: null });
  expect((await fetch(`${llm.url}/models`)).status).toBe(200);
  expect(llm.calls).toEqual([]);
  await expect
    .poll(() => llm.others.map(({ end }) => end))
    .toEqual(['answered', 'answered', 'cut', 'gone', 'answered']);
  expect(llm.others[0]).toMatchObject({
    method: 'GET',
    path: '/v1/models',
    headers: { authorization: '[redacted]' },
  });
  expect(llm.others[1]?.headers).not.toHaveProperty('authorization');
});

test('[L1] every error of the endpoint has its status and its type, by vendor', async () => {
  const llm = await start();
  const outcome = async (vendor: 'openai' | 'anthropic', then: Behaviour): Promise<unknown> => {
    llm.change({ rules: [{ then }] });
    const { status, json } = await ask(llm, vendor, 'x');
    return [status, vendor === 'openai' ? json.error.code : json.error.type];
  };
  const expected: { [error in EndpointError]?: [openai: unknown, anthropic: unknown] } = {
    quota: [
      [429, 'insufficient_quota'],
      [402, 'billing_error'],
    ],
    'context-length': [
      [400, 'context_length_exceeded'],
      [400, 'invalid_request_error'],
    ],
    'unknown-model': [
      [404, 'model_not_found'],
      [404, 'not_found_error'],
    ],
    'rate-limit': [
      [429, 'rate_limit_exceeded'],
      [429, 'rate_limit_error'],
    ],
    'server-error': [
      [500, null],
      [500, 'api_error'],
    ],
    unavailable: [
      [503, null],
      [503, 'api_error'],
    ],
    overloaded: [
      [529, null],
      [529, 'overloaded_error'],
    ],
  };
  for (const [error, [openai, anthropic]] of Object.entries(expected)) {
    const then = { kind: 'error', error: error as EndpointError } as const;
    expect([error, await outcome('openai', then)]).toEqual([error, openai]);
    expect([error, await outcome('anthropic', then)]).toEqual([error, anthropic]);
  }
  expect(await outcome('openai', { kind: 'error', error: 'quota', status: 402 })).toEqual([
    402,
    'insufficient_quota',
  ]);
});

test('[L4] tokens are words times 1.3, and an answer over the limit is cut there and says so', async () => {
  const llm = await start({ ...said, contextTokens: 20 });
  const whole = await ask(llm, 'openai', 'one two three', { max_tokens: 13 });
  expect(whole.json.usage).toEqual({ prompt_tokens: 4, completion_tokens: 13, total_tokens: 17 });
  expect(whole.json.choices[0].finish_reason).toBe('stop');
  const cut = await ask(llm, 'openai', 'one two three', { max_completion_tokens: 4 });
  expect(cut.json.choices[0]).toMatchObject({
    message: { content: 'one two three' },
    finish_reason: 'length',
  });
  const same = await ask(llm, 'anthropic', 'one two three', { max_tokens: 4 });
  expect(same.json).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 4 } });
  const long = await ask(llm, 'openai', TEXT.repeat(2));
  expect([long.status, long.json.error.code]).toEqual([400, 'context_length_exceeded']);
});
