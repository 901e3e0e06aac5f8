import { Budget } from '@flywheel/domain/critique';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { RunLive } from '@flywheel/domain/run-live';
import { temporaryHome } from '@flywheel/testkit/home';
import { goldAnswers } from '@flywheel/testkit/llm/gold-answers';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { seededTraces } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { compareRuns } from './compare-runs.ts';
import { fillWithGold, goldMap, launchOf, prepare } from './critique.fixture.ts';
import { devFigures } from './dev-figures.ts';

const TRACES = 120;
const gold = new Map(Object.entries(goldMap(TRACES)));
const answers = goldAnswers({ gold: (key) => gold.get(key), accuracy: 0.7, seed: 5 });
const keyOf = (text: string): string | undefined => /item-\d+/.exec(text)?.[0];

let home: string;
let remove: () => Promise<void>;
let stub: StubLlm;
let workspace: Workspace;
let traces: TraceId[];
beforeEach(async () => {
  ({ home, remove } = await temporaryHome('critique'));
  answers.reset();
  stub = await startStubLlm({ answers, keyOf });
  workspace = await openWorkspace(home);
  traces = await fillWithGold(workspace, TRACES);
  await prepare(workspace, stub.url, { prices: { '*': { input: 1, output: 2 } } });
});
afterEach(async () => {
  await workspace.close();
  await stub.close();
  await remove();
});

const ends = (id: number) => workspace.runs.wait(id as RunId);
const reopen = async (): Promise<void> => {
  await workspace.close();
  workspace = await openWorkspace(home);
};
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Resolves once the stub had so many calls. */
const calls = async (n: number): Promise<void> => {
  while (stub.calls.length < n) await after(5);
};
const allDone = { total: TRACES, done: TRACES, failed: 0, state: 'succeeded' };

it('[R10] asks each trace once, keeps every answer, and its figures are those that the stub was made for', async () => {
  const run = await ends((await workspace.launches.launch(launchOf())).id);
  expect(run).toMatchObject({ ...allDone, spend: { calls: TRACES, cached: 0, parseFailures: 0 } });
  expect(stub.calls.length).toBe(TRACES);
  const right = traces.filter((_, i) => answers.expectedVerdict(`item-${i + 1}`).right).length;
  const figures = await workspace.calibrate(
    { judge: 'critic:first-error@1', seed: 1, resamples: 100 },
    requireQuery(''),
  );
  expect(figures).toMatchObject({ n: TRACES, exact: right / TRACES });
  const opened = await workspace.store.traces.open(traces[0] as TraceId);
  const verdict = answers.expectedVerdict('item-1');
  expect(opened?.judgements.find((j) => j.judge === 'critic:first-error@1')).toMatchObject({
    firstError: verdict.firstError,
    rationale: verdict.rationale,
    version: (await workspace.critics.get(launchOf().critic)).versions[0]?.hash,
  });
  const page = await workspace.store.runAnswers.page(run.id as RunId, {
    filter: 'all',
    offset: 0,
    limit: 500,
  });
  expect(page.total).toBe(TRACES);
  expect(page.items.every((a) => a.modelMs > 0 && (a.cost ?? 0) > 0 && a.attempts === 1)).toBe(true);
});

it('[M8] a comparison says how many flips noise alone gives', async () => {
  const launch = launchOf({ repetitions: 2 });
  const { id } = await ends((await workspace.launches.launch(launch)).id);
  const pair = { a: id as RunId, b: id as RunId };
  const compared = await compareRuns(workspace.store, workspace.runs, { ...pair, split: 'dev' });
  // The stub says the same each time.
  const everFlipped = { count: 0, share: 0, interval: expect.any(Array) };
  expect(compared.sides.a.noise).toMatchObject({ n: compared.n, rate: 0, everFlipped });
  expect(compared.flipsByNoise).toMatchObject({ observed: 0, of: compared.n, p: 1 });
  expect(compared.flipsByNoise.expected).toBeGreaterThan(0);
});

it('[R10] a version is figured on dev alone; a look at test is counted once for the same results', async () => {
  const { id, title } = await ends((await workspace.launches.launch(launchOf())).id);
  const dev = await devFigures(workspace.store, workspace.runs, launchOf().critic, 1);
  const gold = await workspace.store.gold.counts(requireQuery(''));
  expect(dev.n).toBe(gold.dev);
  expect(gold.dev).toBeLessThan(TRACES);
  expect(gold.dev).toBeGreaterThan(30);
  expect(dev.figures.f1).toMatchObject({ value: dev.f1, interval: dev.interval });
  expect(dev.figures.accClean.baseline).toBe(1);
  expect(dev.figures.accClean.value).toBeGreaterThan(0.4);
  expect(dev.figures.kappa).toMatchObject({ value: expect.any(Number), baseline: 0 });
  expect(dev.parse).toEqual({ failed: 0, answers: TRACES });
  const looks = async () => (await workspace.critics.get(launchOf().critic)).testUses.length;
  const pair = { a: id as RunId, b: id as RunId };
  await compareRuns(workspace.store, workspace.runs, { ...pair, split: 'dev' });
  expect([title, await looks()]).toEqual(['first-error v1', 0]);
  for (let i = 0; i < 3; i++)
    expect((await compareRuns(workspace.store, workspace.runs, { ...pair, split: 'test' })).n).toBe(
      gold.test,
    );
  expect(await looks()).toBe(1);
});

it('[R11] what was answered is not asked again: by another run, after a restart, for another repetition only that', async () => {
  const first = await ends((await workspace.launches.launch(launchOf({ query: 'model:model-0' }))).id);
  const asked = stub.calls.length;
  expect(asked).toBe(first.total);
  await reopen();
  expect(await workspace.launches.plan(launchOf())).toMatchObject({
    items: TRACES,
    cached: asked,
    toCall: TRACES - asked,
  });
  const all = await ends((await workspace.launches.launch(launchOf())).id);
  expect(all.spend).toMatchObject({ cached: asked, calls: TRACES - asked });
  const twice = await ends((await workspace.launches.launch(launchOf({ repetitions: 3 }))).id);
  expect(twice).toMatchObject({ total: 3 * TRACES, done: 3 * TRACES });
  expect(twice.spend).toMatchObject({ cached: TRACES, calls: 2 * TRACES });
  // Only the first repetition speaks for the trace.
  const { rows } = await workspace.store.sql.query(
    `SELECT count(*) FROM judgement WHERE run_id = ${twice.id}`,
    { maxRows: 1, timeoutMs: 5_000 },
  );
  expect(Number(rows[0]?.[0])).toBe(TRACES);
});

it('[R12] pause lets calls end and keeps them; cancel breaks them off; resume asks the rest', async () => {
  stub.change({ latency: 60 });
  await prepare(workspace, stub.url, { limits: { concurrency: 4 } });
  const run = await workspace.launches.launch(launchOf());
  await calls(6);
  const paused = await workspace.runs.pause(run.id as RunId);
  expect(paused.state).toBe('paused');
  expect(paused.done).toBe(stub.calls.length);
  expect(stub.calls.every((c) => c.end === 'answered')).toBe(true);
  await workspace.runs.resume(run.id as RunId);
  await calls(paused.done + 3);
  const began = performance.now();
  const cancelled = await workspace.runs.cancel(run.id as RunId);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(cancelled).toMatchObject({ state: 'cancelled', flight: null });
  await after(30);
  expect(stub.inFlight).toBe(0);
  stub.change({ latency: 0 });
  await workspace.runs.resume(run.id as RunId);
  expect(await ends(run.id)).toMatchObject(allDone);
});

it('[R30] after a restart a run goes on by itself, or waits where that is wished', async () => {
  stub.change({ latency: 60 });
  await prepare(workspace, stub.url, { limits: { concurrency: 4 } });
  const run = await workspace.launches.launch(launchOf());
  await calls(6);
  await workspace.settings.set('resumeRuns', false);
  await reopen();
  const waiting = await workspace.runs.get(run.id as RunId);
  expect(waiting).toMatchObject({ state: 'paused', error: expect.stringContaining('Resume it') });
  await workspace.runs.resume(run.id as RunId);
  await workspace.settings.set('resumeRuns', true);
  await reopen();
  expect(await ends(run.id)).toMatchObject(allDone);
});

it('[R13] an unreadable answer is a failure with its own cause, never a verdict; retry by cause asks those anew', async () => {
  stub.change({
    rules: [
      { when: { contains: 'item-5.' }, then: { kind: 'answer', form: 'not-json' } },
      { when: { contains: 'item-6.' }, then: { kind: 'answer', form: 'refusal' } },
      { when: { contains: 'item-7.' }, then: { kind: 'answer', form: 'truncated' } },
      { when: { contains: 'item-8.' }, then: { kind: 'error', error: 'context-length' } },
      { when: { contains: 'item-9.' }, then: { kind: 'answer', form: 'fence' } },
    ],
  });
  const run = await ends((await workspace.launches.launch(launchOf())).id);
  expect(run).toMatchObject({ state: 'succeeded', done: TRACES - 4, failed: 4, spend: { parseFailures: 3 } });
  expect(await workspace.store.runAnswers.causes(run.id as RunId)).toMatchObject([
    { cause: 'parse', count: 3 },
    { cause: 'context-too-long', count: 1 },
  ]);
  for (const i of [5, 6, 7, 8]) {
    const opened = await workspace.store.traces.open(traces[i - 1] as TraceId);
    expect(opened?.judgements.filter((j) => j.judge.startsWith('critic:'))).toEqual([]);
  }
  const kept = await workspace.store.runAnswers.one(run.id as RunId, traces[7] as TraceId, 0);
  expect(kept).toMatchObject({ cause: 'context-too-long', detail: { status: 400, attempts: 1 } });
  const parse = await workspace.store.runAnswers.one(run.id as RunId, traces[4] as TraceId, 0);
  expect(parse?.detail?.raw).toEqual(expect.any(String));
  stub.change({ rules: [] });
  const before = stub.calls.length;
  await workspace.runs.retry(run.id as RunId, { cause: 'parse' });
  expect(await ends(run.id)).toMatchObject({ done: TRACES - 1, failed: 1 });
  expect(stub.calls.length).toBe(before + 3);
  await workspace.runs.retry(run.id as RunId);
  expect(await ends(run.id)).toMatchObject(allDone);
});

it('[R14] a budget stops a run before it is passed; raised, it goes on', async () => {
  stub.change({ latency: 5 });
  const run = await workspace.launches.launch(launchOf({ budget: Budget.parse({ tokens: 30_000 }) }));
  const held = await ends(run.id);
  expect(held).toMatchObject({ state: 'paused', error: expect.stringContaining('budget of 30,000 tokens') });
  const used = (held.spend?.inputTokens ?? 0) + (held.spend?.outputTokens ?? 0);
  expect(used).toBeGreaterThan(5_000);
  expect(used).toBeLessThanOrEqual(30_000);
  await workspace.runs.tune(run.id as RunId, { budget: { tokens: null, money: null, minutes: null } });
  await workspace.runs.resume(run.id as RunId);
  expect(await ends(run.id)).toMatchObject(allDone);
  expect(stub.calls.length).toBe(TRACES);
});

it('[R14] a budget of minutes holds the run, and counts what earlier stretches worked', async () => {
  stub.change({ latency: 150 });
  await prepare(workspace, stub.url, { limits: { concurrency: 2 } });
  const budget = Budget.parse({ minutes: 3.5 / 60 });
  const run = await workspace.launches.launch(launchOf({ budget }));
  await calls(4);
  await workspace.runs.pause(run.id as RunId);
  await workspace.runs.resume(run.id as RunId);
  const held = await ends(run.id);
  expect(held).toMatchObject({ state: 'paused', error: expect.stringContaining('min is used up') });
  // On a busy machine the second's beat that looks at the budget comes late.
  expect(Number(held.result.workedSeconds)).toBeLessThan(5);
  expect(held.done).toBeGreaterThan(10);
});

it('[R15] what lies in the set-up holds the run instead of failing its items', async () => {
  stub.change({ rules: [{ then: { kind: 'error', error: 'unknown-model' } }] });
  const run = await workspace.launches.launch(launchOf());
  const held = await ends(run.id);
  expect(held).toMatchObject({
    state: 'paused',
    failed: 0,
    error: expect.stringContaining('does not know the model'),
  });
  stub.change({ rules: [] });
  await workspace.runs.resume(run.id as RunId);
  expect(await ends(run.id)).toMatchObject(allDone);
});

it('[R16] resume asks what the run asked: where that has changed it is refused, and says to fork', async () => {
  stub.change({ latency: 40 });
  const run = await workspace.launches.launch(launchOf({ concurrency: 2 }));
  await calls(4);
  await workspace.runs.pause(run.id as RunId);
  await prepare(workspace, `${stub.origin}/v1/`);
  await expect(workspace.runs.resume(run.id as RunId)).rejects.toThrow('Fork it');
  await prepare(workspace, stub.url);
  stub.change({ latency: 0 });
  await workspace.runs.resume(run.id as RunId);
  expect(await ends(run.id)).toMatchObject(allDone);
});

it('[R17] traces that arrive later can be added, also to a run that works, and are asked', async () => {
  stub.change({ latency: 20 });
  const run = await workspace.launches.launch(launchOf({ query: 'source:testkit' }));
  await calls(3);
  const id = await workspace.store.imports.begin({ title: 'late', mapping: {} });
  const late = seededTraces(130).slice(120);
  gold.set('item-999', { firstError: 0, steps: 5 });
  await workspace.store.imports.write(
    id,
    late.map((t) => ({ ...t, steps: ['This is item-999.', 'a', 'b', 'c', 'd'] })),
  );
  expect(await workspace.launches.addItems(run.id as RunId)).toBe(10);
  expect(await ends(run.id)).toMatchObject({ total: 130, done: 130, state: 'succeeded' });
  expect(await workspace.launches.addItems(run.id as RunId)).toBe(0);
  gold.delete('item-999');
});

it('[R18] whoever watches sees pulses and items, and after a reconnect what came since, once', async () => {
  stub.change({ latency: 25 });
  const run = await workspace.launches.launch(launchOf({ concurrency: 3 }));
  const seen: RunLive[] = [];
  let last: string | null = null;
  // Three readers, one after another, each going on where the last one stopped.
  for (let reader = 0; reader < 3; reader++) {
    const stop = new AbortController();
    const done = reader === 2 ? workspace.runs.wait(run.id as RunId).then(() => after(50)) : after(300);
    void done.then(() => stop.abort());
    for await (const batch of workspace.watch.since(run.id, last, stop.signal))
      for (const { id, live } of batch) {
        last = id;
        seen.push(live);
      }
  }
  const items = seen.filter((l) => l.type === 'item');
  expect(items.length).toBe(TRACES);
  expect(new Set(items.map((l) => l.type === 'item' && l.trace)).size).toBe(TRACES);
  const pulses = seen.filter((l) => l.type === 'pulse');
  expect(pulses.length).toBeGreaterThan(0);
  expect(pulses.every((p) => p.type === 'pulse' && p.inFlight <= 3)).toBe(true);
});

it('[R19] 10,000 items are cancelled within a second', async () => {
  stub.change({ latency: 200 });
  const id = await workspace.store.imports.begin({ title: 'more', mapping: {} });
  await workspace.store.imports.write(id, seededTraces(500).slice(TRACES));
  const run = await workspace.launches.launch(launchOf({ repetitions: 20 }));
  expect(run.total).toBe(10_000);
  await calls(20);
  const began = performance.now();
  expect(await workspace.runs.cancel(run.id as RunId)).toMatchObject({ state: 'cancelled' });
  expect(performance.now() - began).toBeLessThan(1_000);
});
