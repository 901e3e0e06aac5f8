import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { ask } from './ask.fixture.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubLlm, StubOptions } from './stub-options.ts';

let stub: StubLlm | undefined;
const start = async (options: StubOptions = {}): Promise<StubLlm> => {
  stub = await startStubLlm(options);
  return stub;
};
afterEach(() => stub?.close());

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

test('[L1] other paths are 404s; what is no chat request is a 400', async () => {
  const llm = await start();
  expect((await fetch(`${llm.url}/completions`, { method: 'POST', body: '{}' })).status).toBe(404);
  const broken = await fetch(`${llm.url}/chat/completions`, { method: 'POST', body: '{"model":' });
  expect(broken.status).toBe(400);
  expect((await ask(llm, 'openai', 'x', { messages: [] })).status).toBe(400);
  expect((await ask(llm, 'anthropic', 'x', { max_tokens: undefined })).json.error.message).toContain(
    'max_tokens',
  );
});

test('[L17] an echo gives the longest user message back, and a function what it says', async () => {
  const llm = await start({ answers: { kind: 'echo' } });
  expect((await ask(llm, 'openai', 'say this')).json.choices[0].message.content).toBe('say this');
  llm.change({ answers: ({ model, prompt }) => `${model} heard ${prompt}` });
  expect((await ask(llm, 'anthropic', 'that')).json.content[0].text).toBe('stub-1 heard that');
});

test('[L6] a rule may have answers of its own', async () => {
  const llm = await start({
    answers: { kind: 'text', text: 'verdict' },
    rules: [
      {
        when: { contains: 'Improve' },
        then: { kind: 'answer', answers: { kind: 'reflection', advice: ['Check every sum.'] } },
      },
    ],
  });
  const content = async (prompt: string): Promise<string> =>
    (await ask(llm, 'openai', prompt)).json.choices[0].message.content;
  expect(await content('Improve:\n```\nJudge.\n```')).toBe('```\nJudge.\nCheck every sum.\n```');
  expect(await content('Judge.')).toBe('verdict');
});

test('[L8] each call is recorded in order, with its body, its fate and its headers, but no secret', async () => {
  const llm = await start({ key: 'sk-secret', keepBodies: true, latency: 30 });
  const before = Date.now();
  const prompts = ['first', 'second', 'third'];
  for (const prompt of prompts)
    await ask(llm, 'openai', prompt, { seed: 5 }, { authorization: 'Bearer sk-secret', cookie: 'sk-secret' });
  expect(llm.calls.map(({ number, path, status, end }) => ({ number, path, status, end }))).toEqual(
    [1, 2, 3].map((number) => ({ number, path: '/v1/chat/completions', status: 200, end: 'answered' })),
  );
  const [call] = llm.calls;
  const body = { model: 'stub-1', messages: [{ role: 'user', content: 'first' }], seed: 5 };
  expect(call).toMatchObject({
    vendor: 'openai',
    model: 'stub-1',
    rightKey: true,
    inFlight: 1,
    body,
    bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
  });
  expect(call?.headers).toMatchObject({ authorization: '[redacted]', cookie: '[redacted]' });
  expect(call?.headers['content-type']).toBe('application/json');
  expect(call?.at).toBeGreaterThan(before - 5);
  expect((call?.endedAt ?? 0) - (call?.at ?? 0)).toBeGreaterThan(25);
  expect(JSON.stringify(llm.calls)).not.toContain('sk-secret');
});

test('[L8] reset forgets the record and starts the counts of rules anew', async () => {
  const llm = await start({ rules: [{ when: { first: 1 }, then: { kind: 'error', error: 'unavailable' } }] });
  const two = async (): Promise<number[]> => [
    (await ask(llm, 'openai', 'x')).status,
    (await ask(llm, 'openai', 'x')).status,
  ];
  expect(await two()).toEqual([503, 200]);
  expect(await two()).toEqual([200, 200]);
  llm.reset();
  expect(llm.calls).toEqual([]);
  expect(await two()).toEqual([503, 200]);
  expect(llm.calls.map(({ number }) => number)).toEqual([1, 2]);
});

test('[L8] in flight and its peak are counted', async () => {
  const llm = await start({ latency: 400 });
  const asked = Promise.all(Array.from({ length: 12 }, (_, i) => ask(llm, 'openai', `call ${i}`)));
  await expect.poll(() => llm.inFlight, { interval: 5 }).toBe(12);
  await asked;
  await expect.poll(() => llm.inFlight).toBe(0);
  expect(llm.peakInFlight).toBe(12);
  expect(llm.calls.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  llm.reset();
  expect(llm.peakInFlight).toBe(0);
});
