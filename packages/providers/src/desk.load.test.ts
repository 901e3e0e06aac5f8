import { spawnStubLlm } from '@flywheel/testkit/llm/spawn-stub-llm';
import { expect, it } from 'vitest';
import { Desk } from './desk.ts';
import { MemoryCache, question, settings } from './provider.fixture.ts';

const WIDTH = 256;

/** A desk at a stub of its own process, and `ask` of the item with that number. */
const atStub = async (latency: number) => {
  const stub = await spawnStubLlm({ answers: { kind: 'text', text: 'ok' }, latency });
  const desk = new Desk(new MemoryCache(), '');
  const provider = settings(stub.url, { limits: { concurrency: WIDTH } });
  const ask = (item: number, signal: AbortSignal) =>
    desk.ask({
      request: question(`item ${item}`),
      provider,
      key: null,
      repetition: 0,
      caller: 'run',
      priority: 'normal',
      limit: null,
      signal,
    });
  const close = async (): Promise<void> => {
    await desk.close();
    await stub.stop();
  };
  return { stub, desk, provider, ask, close };
};

it('[P10] 256 calls at once are reached within a thousand answers, and never passed', async () => {
  const { stub, ask, close } = await atStub(300);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 1_500 }, (_, i) => ask(i, signal)));
  const { calls, peakInFlight } = await stub.log();
  const reached = calls.findIndex((call) => call.inFlight >= WIDTH * 0.9);
  expect(peakInFlight).toBeLessThanOrEqual(WIDTH);
  expect(calls.length).toBe(1_500);
  // Doubling takes 20 + 40 + 80 + 160 calls, rising by one a round trip would take all of them and more.
  expect(reached).toBeGreaterThan(0);
  expect(reached).toBeLessThan(1_000);
  await close();
}, 30_000);

it('[P4] [P21] ten thousand questions are taken back at once, not when their calls would end', async () => {
  const { stub, desk, provider, ask, close } = await atStub(60_000);
  const stop = new AbortController();
  const asked = Array.from({ length: 10_000 }, (_, i) => ask(i, stop.signal));
  const ends = Promise.allSettled(asked);
  while ((await stub.log()).inFlight < 20) await new Promise((resolve) => setTimeout(resolve, 10));
  const began = performance.now();
  stop.abort(new Error('cancelled'));
  const reasons = (await ends).map((end) => end.status === 'rejected' && end.reason.message);
  // Well under the minute that a call takes; how long exactly, the benchmark says.
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(new Set(reasons)).toEqual(new Set(['cancelled']));
  while ((await stub.log()).inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(desk.flight(provider)).toMatchObject({ now: 0, waiting: 0 });
  await close();
}, 30_000);
