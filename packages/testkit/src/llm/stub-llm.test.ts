import { afterEach, expect, test } from 'vitest';
import { ask } from './ask.fixture.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubLlm, StubOptions } from './stub-options.ts';

let stub: StubLlm | undefined;
const start = async (options: StubOptions = {}): Promise<StubLlm> => {
  stub = await startStubLlm(options);
  return stub;
};
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

test('[L1] both vendors are answered on one base URL, each in its own form', async () => {
  const llm = await start({ answers: { kind: 'text', text: 'four' } });
  const openai = await ask(llm, 'openai', 'two and two?');
  expect(openai.status).toBe(200);
  expect(openai.json.choices[0]).toMatchObject({
    message: { role: 'assistant', content: 'four', refusal: null },
    finish_reason: 'stop',
  });
  const anthropic = await ask(llm, 'anthropic', 'two and two?');
  expect(anthropic.json).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: 'four' }],
    stop_reason: 'end_turn',
  });
});

test('[L9] a call waits for its latency, and calls wait side by side', async () => {
  const llm = await start({ latency: 100 });
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(llm, 'openai', `call ${i}`)));
  for (const { ms } of all) expect(ms).toBeGreaterThanOrEqual(99);
  expect(llm.peakInFlight).toBe(20);
  expect(Math.max(...all.map(({ ms }) => ms))).toBeLessThan(1500);
});

test('[L10] a call that hangs ends only with its caller', async () => {
  const llm = await start({ rules: [{ then: { kind: 'hang' } }] });
  await expect(ask(llm, 'openai', 'hello', {}, {}, AbortSignal.timeout(150))).rejects.toThrow();
  await expect.poll(() => llm.inFlight).toBe(0);
  expect(llm.calls.map(({ end, status }) => ({ end, status }))).toEqual([{ end: 'gone', status: 0 }]);
});

test('[L6] rules: first match wins; 429 with Retry-After, then 500, 503 and 529, then answers', async () => {
  const llm = await start({
    rules: [
      {
        name: 'burst',
        when: { first: 2 },
        then: { kind: 'error', error: 'rate-limit', retryAfter: { seconds: 3, ms: 3000 } },
      },
      { when: { first: 1 }, then: { kind: 'error', error: 'server-error' } },
      { when: { first: 1 }, then: { kind: 'error', error: 'unavailable' } },
      { when: { first: 1 }, then: { kind: 'error', error: 'overloaded' } },
    ],
  });
  const seen = [];
  for (let i = 0; i < 6; i++) seen.push(await ask(llm, i % 2 ? 'anthropic' : 'openai', `call ${i}`));
  expect(seen.map(({ status }) => status)).toEqual([429, 429, 500, 503, 529, 200]);
  expect(seen[0]?.headers.get('retry-after')).toBe('3');
  expect(seen[0]?.headers.get('retry-after-ms')).toBe('3000');
  expect(llm.calls.map(({ rule }) => rule)).toEqual(['burst', 'burst', '1', '2', '3', null]);
});
