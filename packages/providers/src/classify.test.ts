import { ChatFailureCause } from '@flywheel/domain/chat';
import { expect, it } from 'vitest';
import { classifyRefusal, retryAfter } from './classify.ts';

const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  classifyRefusal({
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    origin: 'http://127.0.0.1:8000',
    model: 'm-1',
  });
const said = (message: string, more: object = {}): object => ({ error: { message, ...more } });

/** As servers word it, from their sources and documentation. */
const CASES: [string, number, unknown, ChatFailureCause][] = [
  [
    'OpenAI, rate',
    429,
    said('Rate limit reached for gpt-4o', { code: 'rate_limit_exceeded' }),
    'rate-limited',
  ],
  [
    'OpenAI, quota',
    429,
    said('You exceeded your current quota, please check your plan and billing details.', {
      code: 'insufficient_quota',
    }),
    'quota',
  ],
  [
    'OpenAI, context',
    400,
    said("This model's maximum context length is 8192 tokens.", { code: 'context_length_exceeded' }),
    'context-too-long',
  ],
  [
    'OpenAI, model',
    404,
    said('The model `m-1` does not exist or you do not have access to it.', { code: 'model_not_found' }),
    'no-such-model',
  ],
  ['OpenAI, key', 401, said('Incorrect API key provided.'), 'wrong-key'],
  [
    'OpenAI, schema',
    400,
    said("Invalid schema for response_format 'verdict'. Unknown keyword for this model.", { code: null }),
    'refused-request',
  ],
  ['Anthropic, overloaded', 529, said('Overloaded', { type: 'overloaded_error' }), 'overloaded'],
  ['Anthropic, credit', 400, said('Your credit balance is too low to access the Anthropic API.'), 'quota'],
  ['Anthropic, context', 400, said('prompt is too long: 210000 tokens > 200000 maximum'), 'context-too-long'],
  ['Anthropic, model', 404, said('model: m-1', { type: 'not_found_error' }), 'no-such-model'],
  [
    'vLLM, context',
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
    },
    'context-too-long',
  ],
  [
    'llama.cpp, context',
    400,
    said('the request exceeds the available context size, try increasing it', {
      type: 'exceed_context_size_error',
    }),
    'context-too-long',
  ],
  ['llama.cpp, loading', 503, said('Loading model', { type: 'unavailable_error' }), 'overloaded'],
  ['Ollama, model', 404, said('model "m-1" not found, try pulling it first'), 'no-such-model'],
  ['a proxy, down', 502, '<html><body>Bad Gateway</body></html>', 'server-error'],
  ['a proxy, tired', 504, '<html></html>', 'timeout'],
  ['a redirect', 302, '', 'blocked-address'],
  ['something else', 418, 'I am a teapot', 'refused-request'],
];

it.each(CASES)('[P3] %s', (_, status, body, cause) => {
  const failure = refusal(status, body, { location: 'https://elsewhere.example/v1?token=1' });
  expect(failure).toMatchObject({ failure: cause, status });
  expect(failure.remedy).toMatch(/[.]$/);
  expect(failure.message).not.toContain('<');
  expect(failure.message).not.toContain('token=1');
});

it('[P3] what a retry may help is exactly what may pass by itself', () => {
  const retryable = new Set(
    CASES.map(([, status, body]) => refusal(status, body))
      .filter((f) => f.retryable)
      .map((f) => f.failure),
  );
  expect([...retryable].sort()).toEqual(['overloaded', 'rate-limited', 'server-error', 'timeout']);
  // The others do not come as a refusal: clients.test.ts has them.
  const others = ChatFailureCause.options.filter((cause) => !CASES.some(([, , , c]) => c === cause));
  expect(others).toEqual(['network', 'bad-response']);
});

it('[P3] no more than 64 kB of what the server said are kept', () => {
  expect(refusal(500, 'x'.repeat(200_000)).raw).toHaveLength(64 * 1024);
  expect(refusal(500, 'x'.repeat(200_000)).message.length).toBeLessThan(500);
});

it('[P3] Retry-After: milliseconds before seconds, dates from now on, nonsense is none', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfter({ 'retry-after-ms': '250', 'retry-after': '9' }, now)).toBe(250);
  expect(retryAfter({ 'retry-after': '2.5' }, now)).toBe(2_500);
  expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, now)).toBe(7_000);
  expect(retryAfter({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, now)).toBe(0);
  expect(retryAfter({ 'retry-after': 'soon' }, now)).toBe(null);
  expect(retryAfter({ 'retry-after-ms': '-4' }, now)).toBe(null);
  expect(retryAfter({}, now)).toBe(null);
});
