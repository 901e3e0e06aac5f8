import type { RunId, TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { temporaryHome } from '@flywheel/testkit/home';
import { goldAnswers } from '@flywheel/testkit/llm/gold-answers';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { fillWithGold, goldMap, launchOf, prepare } from './critique.fixture.ts';
import { devFigures } from './dev-figures.ts';
import { runFigures } from './run-figures.ts';

const TRACES = 150;
const gold = new Map(Object.entries(goldMap(TRACES)));
const answers = goldAnswers({ gold: (key) => gold.get(key), accuracy: 0.7, seed: 5 });

let remove: () => Promise<void>;
let stub: StubLlm;
let workspace: Workspace;
let traces: TraceId[];
beforeEach(async () => {
  const { home, remove: gone } = await temporaryHome('run-controls');
  remove = gone;
  answers.reset();
  stub = await startStubLlm({ answers, keyOf: (text) => /item-\d+/.exec(text)?.[0] });
  workspace = await openWorkspace(home);
  traces = await fillWithGold(workspace, TRACES);
  await prepare(workspace, stub.url, { limits: { concurrency: 200 } });
});
afterEach(async () => {
  await workspace.close();
  await stub.close();
  await remove();
});

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const start = async (more: Parameters<typeof launchOf>[0] = {}): Promise<RunId> =>
  (await workspace.launches.launch(launchOf(more))).id as RunId;

it('[R35] a run that is tuned takes more calls at once than it was launched with, and every follower is told', async () => {
  stub.change({ latency: 1_500 });
  const id = await start({ concurrency: 2 });
  await until(() => stub.calls.length === 2);
  const told = workspace.events.since(null)[Symbol.asyncIterator]();
  const tuned = await workspace.runs.tune(id, { concurrency: 100, priority: 'high' });
  expect(tuned.tuning).toMatchObject({ concurrency: 100, priority: 'high', budget: { tokens: null } });
  let heard = await told.next();
  while (heard.value?.run.tuning?.concurrency !== 100) heard = await told.next();
  expect(heard.value.run.tuning.priority).toBe('high');
  // Two calls and 32 items ahead of them were in hand: more than those says that more were taken.
  await until(() => stub.calls.length > 40);
  await workspace.runs.cancel(id);
  expect((await workspace.runs.list()).find((r) => r.id === id)?.tuning).toEqual(tuned.tuning);
  await workspace.runs.tune(id, { concurrency: null });
  expect(await workspace.runs.get(id)).toMatchObject({
    tuning: { concurrency: null, priority: 'high' },
    config: { concurrency: null },
  });
}, 20_000);

it('[R35] a run that asks no model is not tuned', async () => {
  const run = await workspace.judges.start('final-answer', '', requireQuery(''));
  await expect(workspace.runs.tune(run.id as RunId, { priority: 'high' })).rejects.toThrow('asks no model');
});

it('[R16] why a run cannot go on is told before one tries', async () => {
  const id = await start();
  await workspace.runs.wait(id);
  expect(await workspace.runs.obstacle(id)).toBeNull();
  await prepare(workspace, `${stub.origin}/v1/`);
  expect(await workspace.runs.obstacle(id)).toContain('Fork it');
});

it('several runs stand side by side with what they came to, those of dev alone against gold', async () => {
  stub.change({ latency: 5 });
  const first = await start();
  await workspace.runs.wait(first);
  const second = await start({
    repetitions: 2,
    query: `id:${traces.slice(0, 20).join(',')}`,
    model: 'stub-1',
  });
  await workspace.runs.wait(second);
  const [a, b] = await runFigures(workspace.store, workspace.runs, [first, second]);
  const dev = await devFigures(workspace.store, workspace.runs, launchOf().critic, 1);
  expect(a).toMatchObject({
    judge: 'critic:first-error@1',
    model: 'stub-1',
    run: { done: TRACES, spend: { calls: TRACES } },
    dev: { n: dev.n, f1: dev.f1, interval: dev.interval },
  });
  expect((a?.flawed ?? 0) + (a?.clean ?? 0)).toBe(TRACES);
  expect(a?.times?.modelMs).toBeGreaterThan(4);
  expect(a?.rate).toBeGreaterThan(1);
  expect(b).toMatchObject({ run: { done: 40, spend: { cached: 20 } } });
  // Traces are counted by their first answer, however often each was asked about.
  expect((b?.flawed ?? 0) + (b?.clean ?? 0)).toBe(20);
  await expect(runFigures(workspace.store, workspace.runs, [4_711 as RunId])).rejects.toThrow('no run 4711');
});
