import type { RunId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import type { RunLive } from '@flywheel/domain/run-live';
import { temporaryHome } from '@flywheel/testkit/home';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { seededTraces } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { fillWithGold, launchOf, prepare } from './critique.fixture.ts';

const TRACES = 120;
const keyOf = (text: string): string | undefined => /item-\d+/.exec(text)?.[0];
const VERDICT = JSON.stringify({
  first_error: 1,
  category: null,
  confidence: 1,
  rationale: '[S1] is wrong.',
});

let remove: () => Promise<void>;
let stub: StubLlm;
let workspace: Workspace;
beforeEach(async () => {
  const temporary = await temporaryHome('faults');
  remove = temporary.remove;
  stub = await startStubLlm({ answers: { kind: 'text', text: VERDICT }, keyOf });
  workspace = await openWorkspace(temporary.home);
  await fillWithGold(workspace, TRACES);
  await prepare(workspace, stub.url);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
  await stub.close();
  await remove();
});

const launch = async (more: Parameters<typeof launchOf>[0] = {}): Promise<RunId> =>
  (await workspace.launches.launch(launchOf(more))).id as RunId;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const calls = async (n: number): Promise<void> => {
  while (stub.calls.length < n) await after(5);
};
/** How often each item got an answer from the stub. */
const answered = (): number[] => {
  const times = new Map<string, number>();
  for (const { key, end, status } of stub.calls)
    if (end === 'answered' && status === 200) times.set(String(key), (times.get(String(key)) ?? 0) + 1);
  return [...times.values()];
};
const results = async (id: RunId): Promise<number> =>
  (await workspace.store.runAnswers.page(id, { filter: 'all', offset: 0, limit: 1 })).total;

it('[R23] a provider that is dead for a while and comes back costs no item its result', async () => {
  stub.change({
    latency: 15,
    rules: [
      { when: { window: [150, 2_000] }, then: { kind: 'reset', at: 'start' } },
      { when: { window: [2_000, 3_000] }, then: { kind: 'error', error: 'unavailable' } },
    ],
  });
  const id = await launch();
  const ended = await workspace.runs.wait(id);
  expect(stub.calls.some((c) => c.end === 'cut')).toBe(true);
  // What met the dead provider too often is a failure that one retry mends; nothing is neither done nor failed.
  expect(ended).toMatchObject({ state: 'succeeded', total: TRACES });
  expect(ended.done + ended.failed).toBe(TRACES);
  if (ended.failed > 0) await workspace.runs.retry(id);
  expect(await workspace.runs.wait(id)).toMatchObject({ done: TRACES, failed: 0 });
  expect(answered()).toEqual(Array(TRACES).fill(1));
  expect(stub.calls.length).toBeLessThan(TRACES * 6);
}, 60_000);

it('[R24] clients that cancel, pause and resume one run at the same time leave it in one state, and nothing is asked twice', async () => {
  stub.change({ latency: 12 });
  await prepare(workspace, stub.url, { limits: { concurrency: 6 } });
  const id = await launch();
  const random = seededRandom(7);
  const act = (): Promise<unknown> =>
    [workspace.runs.cancel, workspace.runs.pause, workspace.runs.resume][Math.floor(random() * 3)]?.call(
      workspace.runs,
      id,
    ) as Promise<unknown>;
  let refused = 0;
  for (let round = 0; round < 25; round++) {
    const acts = await Promise.allSettled([act(), act(), act(), act()]);
    for (const end of acts)
      if (end.status === 'rejected') {
        refused++;
        expect(['IllegalTransition', 'RunError']).toContain(end.reason.name);
      }
    const { state } = (await workspace.runs.get(id)) ?? {};
    expect(['queued', 'running', 'paused', 'cancelled', 'succeeded']).toContain(state);
    await after(random() * 40);
  }
  expect(refused).toBeGreaterThan(0);
  const { state } = (await workspace.runs.get(id)) ?? {};
  if (state === 'paused' || state === 'cancelled') await workspace.runs.resume(id);
  expect(await workspace.runs.wait(id)).toMatchObject({ state: 'succeeded', done: TRACES, failed: 0 });
  expect(await results(id)).toBe(TRACES);
  // A call that was broken off may be made again; one whose answer came back is not, but for those that crossed the cancel.
  const twice = answered().filter((n) => n > 1).length;
  expect(twice).toBeLessThanOrEqual(6);
}, 60_000);

it('[R11] two runs over the same items at once ask each question once, and both have every result', async () => {
  stub.change({ latency: 20 });
  await prepare(workspace, stub.url, { limits: { concurrency: 8 } });
  // The same items would be the same run: the second takes two thirds of them.
  const [one, two] = [await launch({ query: '' }), await launch({ query: 'model:model-0,model-1' })];
  expect(one).not.toBe(two);
  const [all, some] = [await workspace.runs.wait(one), await workspace.runs.wait(two)];
  expect(all).toMatchObject({ state: 'succeeded', done: TRACES });
  expect(some).toMatchObject({ state: 'succeeded', done: some.total });
  expect(some.total).toBeGreaterThan(TRACES / 2);
  expect(stub.calls.length).toBe(TRACES);
  expect((all.spend?.calls ?? 0) + (some.spend?.calls ?? 0)).toBe(TRACES);
});

it('[R17] traces that arrive after a run has ended are added to it, unless the provider is another by now', async () => {
  const id = await launch();
  await workspace.runs.wait(id);
  const late = await workspace.store.imports.begin({ title: 'late', mapping: {} });
  await workspace.store.imports.write(late, seededTraces(TRACES + 5).slice(TRACES));
  await prepare(workspace, `${stub.origin}/v1/`);
  await expect(workspace.launches.addItems(id)).rejects.toThrow('Fork it');
  expect(await workspace.runs.get(id)).toMatchObject({ state: 'succeeded', total: TRACES });
  await prepare(workspace, stub.url);
  expect(await workspace.launches.addItems(id)).toBe(5);
  expect(await workspace.runs.wait(id)).toMatchObject({ state: 'succeeded', done: TRACES + 5, failed: 0 });
  expect(stub.calls.length).toBe(TRACES + 5);
});

it('[R21] a high run beside a low one, launched later, has its share sooner', async () => {
  stub.change({ latency: 20 });
  await prepare(workspace, stub.url, { limits: { concurrency: 4 } });
  const low = await launch({ priority: 'low', query: 'model:model-0,model-1' });
  await calls(5);
  const high = await launch({ priority: 'high', query: 'model:model-2' });
  const first = await workspace.runs.wait(high);
  const second = await workspace.runs.wait(low);
  expect(first).toMatchObject({ state: 'succeeded', done: TRACES / 3 });
  expect(second).toMatchObject({ state: 'succeeded', done: (TRACES * 2) / 3 });
  expect(first.endedAt ?? 0).toBeLessThan(second.endedAt ?? 0);
});

it('[R25] a clock that jumps by hours, forwards and back, breaks no rate, no backoff and no budget of minutes', async () => {
  const HOUR = 3_600_000;
  const real = Date.now.bind(Date);
  let offset = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => real() + offset);
  stub.change({
    latency: 25,
    rules: [
      {
        when: { firstOfEach: 1, fraction: { of: 0.2, seed: 3 } },
        then: { kind: 'error', error: 'server-error' },
      },
    ],
  });
  await prepare(workspace, stub.url, { limits: { concurrency: 4 } });
  const id = await launch({ budget: { tokens: null, money: null, minutes: 5 } });
  const jumping = setInterval(() => {
    offset = [5 * HOUR, -7 * HOUR, 24 * HOUR, 0][Math.floor(real() / 100) % 4] ?? 0;
  }, 100);
  const rates: number[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const batch of workspace.watch.since(id, null, stop.signal))
      for (const { live } of batch as { live: RunLive }[]) if (live.type === 'pulse') rates.push(live.rate);
  })();
  const shown: { rate: number; elapsed: number }[] = [];
  const looking = setInterval(() => {
    void workspace.runs.get(id).then((run) => {
      if (run?.state === 'running' && run.progress)
        shown.push({ rate: run.progress.rate ?? 0, elapsed: run.progress.elapsedSeconds });
    });
  }, 50);
  const began = performance.now();
  const ended = await workspace.runs.wait(id);
  const seconds = (performance.now() - began) / 1000;
  clearInterval(looking);
  clearInterval(jumping);
  stop.abort();
  await watching;
  expect(ended).toMatchObject({ state: 'succeeded', done: TRACES, failed: 0 });
  expect(seconds).toBeLessThan(15);
  expect(Number(ended.result.workedSeconds)).toBeLessThanOrEqual(seconds + 0.1);
  expect(rates.length).toBeGreaterThan(0);
  expect(rates.every((rate) => rate >= 0 && rate < 1_000)).toBe(true);
  expect(shown.length).toBeGreaterThan(3);
  for (const { rate, elapsed } of shown) {
    expect(rate).toBeLessThan(10_000);
    expect(elapsed).toBeGreaterThanOrEqual(0);
    expect(elapsed).toBeLessThan(seconds + 1);
  }
  expect(shown.at(-1)?.rate).toBeGreaterThan(1);
}, 40_000);
