import { Budget } from '@flywheel/domain/critique';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BudgetMeter, BudgetSpent } from './budget-meter.ts';
import { Desk, GaveUp, type Question } from './desk.ts';
import { MemoryCache, question, rejection, settings } from './provider.fixture.ts';

let stub: StubLlm;
let cache: MemoryCache;
let desk: Desk;
beforeEach(async () => {
  stub = await startStubLlm({ answers: { kind: 'text', text: 'seven ducks' } });
  cache = new MemoryCache();
  desk = new Desk(cache, '');
});
afterEach(async () => {
  await desk.close();
  await stub.close();
});

const ask = (text: string, more: Partial<Question> & { limits?: object; prices?: object } = {}): Question => {
  const { limits = {}, prices = {}, ...rest } = more;
  return {
    request: question(text),
    provider: settings(stub.url, { limits, prices }),
    key: null,
    repetition: 0,
    caller: 'test',
    priority: 'normal',
    limit: null,
    signal: new AbortController().signal,
    ...rest,
  };
};
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('[P20] an answer is asked for once; repetition, model and parameters make other questions', async () => {
  const first = await desk.ask(ask('a'));
  expect(first).toMatchObject({ cached: false, attempts: 1, answer: { text: 'seven ducks' } });
  expect(await desk.ask(ask('a'))).toMatchObject({ cached: true, attempts: 0, cost: 0, key: first.key });
  expect(stub.calls.length).toBe(1);
  await desk.ask(ask('a', { repetition: 1 }));
  await desk.ask(ask('a', { request: question('a', { model: 'other' }) }));
  await desk.ask(ask('a', { request: question('a', { params: { maxTokens: 100, temperature: 1 } }) }));
  expect(stub.calls.length).toBe(4);
  expect(await desk.ask(ask('a', { fresh: true }))).toMatchObject({ cached: false });
  expect(stub.calls.length).toBe(5);
});

it('[P21] equal questions at one time are one call; who leaves takes nothing from the others', async () => {
  stub.change({ latency: 60 });
  const gone = new AbortController();
  const left = rejection(desk.ask(ask('a', { signal: gone.signal })));
  const stays = [desk.ask(ask('a')), desk.ask(ask('a'))];
  setTimeout(() => gone.abort(new Error('gone')), 20);
  expect(await left).toMatchObject({ message: 'gone' });
  expect((await Promise.all(stays)).map((r) => r.answer.text)).toEqual(['seven ducks', 'seven ducks']);
  expect(stub.calls.length).toBe(1);
});

it('[P21] when the last one has left, the call is broken off, and the next one asks anew', async () => {
  stub.change({ rules: [{ when: { first: 1 }, then: { kind: 'hang' } }] });
  const gone = new AbortController();
  const left = rejection(desk.ask(ask('a', { signal: gone.signal })));
  await after(40);
  gone.abort(new Error('gone'));
  await left;
  expect(await desk.ask(ask('a'))).toMatchObject({ cached: false });
  await after(20);
  expect(stub.calls.map((c) => c.end)).toEqual(['gone', 'answered']);
});

it('[P22] hold: who waits leaves, who is at the model gets the answer', async () => {
  stub.change({ latency: 80 });
  const hold = new AbortController();
  const asks = ['a', 'b', 'c'].map((text) =>
    desk.ask(ask(text, { hold: hold.signal, limits: { concurrency: 1 } })).then(
      () => 'answered',
      () => 'left',
    ),
  );
  await after(30);
  hold.abort(new Error('pause'));
  expect(await Promise.all(asks)).toEqual(['answered', 'left', 'left']);
  expect(stub.calls.length).toBe(1);
});

it('[P21] who joins late has the whole text, streamed or not, and after a failed try only the new one', async () => {
  const halves = { kind: 'answer', gapMs: 30, chunks: 4 } as const;
  stub.change({ rules: [{ then: halves }] });
  const listen = (text: string[]) => ask('a', { onText: (delta) => text.push(delta) });
  const [first, second]: [string[], string[]] = [[], []];
  const one = desk.ask(listen(first));
  while (first.length === 0) await after(2);
  const two = desk.ask(listen(second));
  await Promise.all([one, two]);
  expect([first.join(''), second.join('')]).toEqual(['seven ducks', 'seven ducks']);
  expect(stub.calls.length).toBe(1);

  stub.change({ rules: [], latency: 30 });
  const third: string[] = [];
  await Promise.all([
    desk.ask(ask('b')),
    after(10).then(() => desk.ask({ ...ask('b'), ...listen(third), request: question('b') })),
  ]);
  expect(third).toEqual(['seven ducks']);

  stub.change({ rules: [{ when: { first: 1 }, then: { kind: 'reset', at: 'half' } }], latency: 0 });
  const fourth: string[] = [];
  await desk.ask(ask('c', { onText: (delta) => fourth.push(delta), onTry: () => fourth.splice(0) }));
  expect(fourth.join('')).toBe('seven ducks');
});

it('[P23] a server that asks for hours is asked again a little later by others, and its question gives up', async () => {
  const rule = { kind: 'error', error: 'rate-limit', retryAfter: { seconds: 7_200 } } as const;
  stub.change({ rules: [{ when: { contains: 'a' }, then: rule }] });
  const failed = await rejection(desk.ask(ask('a')));
  expect(failed).toMatchObject({
    attempts: 1,
    failure: { failure: 'rate-limited', retryAfterMs: 7_200_000 },
  });
});

it('[P20] an answer comes from the address that it is kept under, though the settings change meanwhile', async () => {
  const other = await startStubLlm({ answers: { kind: 'text', text: 'from elsewhere' } });
  stub.change({ latency: 30 });
  const old = Array.from({ length: 40 }, (_, i) =>
    desk.ask(ask(`item ${i}`, { limits: { concurrency: 4 } })),
  );
  await after(40);
  const moved = settings(other.url);
  desk.configure(moved);
  const fresh = Array.from({ length: 40 }, (_, i) => desk.ask(ask(`item ${i}`, { provider: moved })));
  expect(new Set((await Promise.all(old)).map((r) => r.answer.text))).toEqual(new Set(['seven ducks']));
  expect(new Set((await Promise.all(fresh)).map((r) => r.answer.text))).toEqual(new Set(['from elsewhere']));
  await other.close();
});

it('[P10] limits change when they are configured, not by who asks', async () => {
  stub.change({ latency: 20 });
  const limited = { limits: { concurrency: 3 } };
  await Promise.all(Array.from({ length: 12 }, (_, i) => desk.ask(ask(`a ${i}`, limited))));
  expect(stub.peakInFlight).toBe(3);
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => desk.ask(ask(`b ${i}`, { limits: { attempts: 1 } }))),
  );
  expect(stub.peakInFlight).toBe(3);
  desk.configure(settings(stub.url, { limits: { concurrency: 6 } }));
  await Promise.all(Array.from({ length: 40 }, (_, i) => desk.ask(ask(`c ${i}`, limited))));
  expect(stub.peakInFlight).toBe(6);
});

it('[P23] what may pass is tried again, and told; errors are not kept', async () => {
  const told: string[] = [];
  stub.change({
    rules: [
      { when: { contains: 'a', first: 2 }, then: { kind: 'error', error: 'server-error' } },
      { when: { contains: 'b' }, then: { kind: 'error', error: 'context-length' } },
    ],
  });
  expect(await desk.ask(ask('a', { onTry: (t) => told.push(t) }))).toMatchObject({ attempts: 3 });
  expect(told.length).toBe(2);
  const failed = (await rejection(desk.ask(ask('b')))) as GaveUp;
  expect(failed).toBeInstanceOf(GaveUp);
  expect(failed).toMatchObject({ attempts: 1, failure: { failure: 'context-too-long' } });
  await rejection(desk.ask(ask('b')));
  expect(stub.calls.length).toBe(5);
  stub.change({ rules: [{ then: { kind: 'error', error: 'server-error' } }] });
  const tired = (await rejection(desk.ask(ask('c', { limits: { attempts: 2 } })))) as GaveUp;
  expect(tired).toMatchObject({ attempts: 2, failure: { failure: 'server-error' } });
});

it('[P23] a limited rate is waited for as the server says, and is no failed try', async () => {
  const rule = { kind: 'error', error: 'rate-limit', retryAfter: { ms: 120 } } as const;
  stub.change({ rules: [{ when: { first: 4 }, then: rule }] });
  const began = performance.now();
  const reply = await desk.ask(ask('a', { limits: { attempts: 1 } }));
  expect(reply).toMatchObject({ attempts: 5, cached: false });
  expect(performance.now() - began).toBeGreaterThan(4 * 100);
});

it('[P24] costs come from the prices; without one the cost is unknown, not zero', async () => {
  const priced = await desk.ask(ask('a', { prices: { 'stub-1': { input: 1e6, output: 2e6 } } }));
  const { input, output } = priced.answer.usage;
  expect(priced.cost).toBeCloseTo(input + 2 * output, 6);
  expect((await desk.ask(ask('b'))).cost).toBe(null);
});

it('[P25] a budget is never passed, and what was put aside and not used is there for the next', async () => {
  stub.change({ latency: 5 });
  let budget = Budget.parse({ tokens: 1_000 });
  const meter = new BudgetMeter(() => budget, { tokens: 0, cost: null });
  const replies = await Promise.allSettled(
    Array.from({ length: 200 }, (_, i) => desk.ask(ask(`item ${i}`, { budget: meter }))),
  );
  const answered = replies.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
  const used = answered.reduce((n, r) => n + r.answer.usage.input + r.answer.usage.output, 0);
  expect(used).toBeLessThanOrEqual(1_000);
  expect(used).toBeGreaterThan(850);
  for (const r of replies) if (r.status === 'rejected') expect(r.reason).toBeInstanceOf(BudgetSpent);
  budget = Budget.parse({ tokens: 2_000 });
  expect(await desk.ask(ask('one more', { budget: meter }))).toMatchObject({ cached: false });
  budget = Budget.parse({ money: 1 });
  const unpriced = (await rejection(desk.ask(ask('again', { budget: meter })))) as Error;
  expect(unpriced.message).toContain('no price');
});

it("[P25] who waits for another one's call does not fail for that one's budget", async () => {
  const budget = (tokens: number) =>
    new BudgetMeter(() => Budget.parse({ tokens }), { tokens: 0, cost: null });
  const poor = budget(200);
  const settle = await poor.reserve({ tokens: 150, cost: null }, new AbortController().signal);
  const first = rejection(desk.ask(ask('a', { budget: poor })));
  const second = desk.ask(ask('a', { budget: budget(10_000) }));
  settle({ tokens: 150, cost: null });
  expect(await first).toBeInstanceOf(BudgetSpent);
  expect(await second).toMatchObject({ cached: false, answer: { text: 'seven ducks' } });
});

it('[P12] a provider that is dead for a while fails no call that may wait for it', async () => {
  stub.change({ rules: [{ when: { window: [0, 2_500] }, then: { kind: 'reset', at: 'start' } }] });
  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, i) => desk.ask(ask(`item ${i}`, { limits: { attempts: 8 } }))),
  );
  expect(replies.every((r) => r.answer.text === 'seven ducks')).toBe(true);
  // Sixty that hammered would have made hundreds of calls.
  expect(stub.calls.length).toBeLessThan(300);
}, 60_000);
