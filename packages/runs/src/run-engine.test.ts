import type { RunId, TraceId } from '@flywheel/domain/ids';
import { IllegalTransition, isOver, type RunSummary } from '@flywheel/domain/run';
import { temporaryHome } from '@flywheel/testkit/home';
import { hexId } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, fill, openBench, rowsOf } from './engine.fixture.ts';
import { NotFoundError, RunError } from './run-error.ts';

let home: string;
let remove: () => Promise<void>;
let bench: Bench;
const open = async (options?: Parameters<typeof openBench>[1]): Promise<Bench> => {
  bench = await openBench(home, options);
  return bench;
};
const restart = async (options?: Parameters<typeof openBench>[1]): Promise<Bench> => {
  await bench.close();
  return open(options);
};
const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const id = (run: RunSummary): RunId => run.id as RunId;
const ends = (run: RunSummary): Promise<RunSummary> => bench.engine.wait(id(run));
/** Resolves once the run has `done` items or more. */
const reaches = async (run: RunSummary, done: number): Promise<void> => {
  const stop = new AbortController();
  for await (const event of bench.events.since(null, stop.signal))
    if (event.run.id === run.id && (event.run.done >= done || isOver(event.run.state))) stop.abort();
};

beforeEach(async () => {
  ({ home, remove } = await temporaryHome('runs'));
});
afterEach(async () => {
  await bench.close();
  await remove();
});

describe('a verify run', () => {
  it('[R1] judges the items that were frozen when it was made, not what arrives later', async () => {
    await open();
    await fill(bench.store, 20);
    const run = await ends(await bench.verify([0, 1, 2, 4, 9]));
    expect(run).toMatchObject({ state: 'succeeded', total: 5, done: 3, skipped: 2, failed: 0 });
    expect(run.result).toEqual({ flawed: 1 });
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ results: 5, verdicts: 3, missing: 0 });
  });

  it('[R1] the same judge over the same items, while unfinished, is the same run', async () => {
    await open({ slow: 20 });
    await fill(bench.store, 40);
    const [first, second] = [await bench.verify(all(40)), await bench.verify(all(40))];
    const other = await bench.verify(all(39));
    expect(second.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    await ends(other);
    expect((await bench.verify(all(40))).id).not.toBe(first.id);
  });

  it('[R2] counts come from the results: what a dead process saved last is recounted on resume', async () => {
    await open();
    await fill(bench.store, 30);
    const run = await ends(await bench.verify(all(30)));
    // As a kill leaves it: every result is kept, the run's own row is two seconds old.
    await bench.store.runs.update(id(run), { state: 'running', done: 3, failed: 0, skipped: 0, total: null });
    await restart();
    expect(await bench.engine.recover()).toBe(1);
    const again = await ends(run);
    expect(again).toMatchObject({
      state: 'succeeded',
      total: 30,
      done: 24,
      skipped: 6,
      result: { flawed: 8 },
    });
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ verdicts: 24, distinctVerdicts: 24 });
    await bench.store.runs.update(id(run), { state: 'running', done: 3, skipped: 0, result: {} });
    await restart();
    const counted = { total: 30, done: 24, skipped: 6, result: { flawed: 8 } };
    expect(await bench.engine.cancel(id(run))).toMatchObject({ state: 'cancelled', ...counted });
  });

  it('[R2] a verdict and its result are one transaction: neither is kept alone, nor a second time', async () => {
    await open();
    await fill(bench.store, 3);
    const run = await ends(await bench.verify([0]));
    const [verdict] = (await bench.store.traces.open(hexId(1) as TraceId))?.judgements ?? [];
    if (!verdict) throw new Error('no verdict');
    const ofSecond = { ...verdict, trace: hexId(2) as TraceId };
    // Item 0 has a result, and item 1 is none of the run's.
    const again = await bench.store.runs.record(id(run), [
      { seq: 0, repetition: 0, state: 'done', judgement: verdict },
      { seq: 1, repetition: 0, state: 'done', judgement: ofSecond },
    ]);
    expect(again).toEqual({ done: 0, failed: 0, skipped: 0, flawed: 0 });
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ results: 1, verdicts: 1 });
    const about = { kind: 'verify', title: '', subject: '', fingerprint: '', config: {} } as const;
    const second = await bench.store.runs.create(about);
    await bench.store.runs.freeze(second, Uint32Array.of(1));
    const unwritable = {
      seq: 1,
      repetition: 0,
      state: 'done',
      judgement: ofSecond,
      error: 42 as unknown as string,
    } as const;
    await expect(bench.store.runs.record(second, [unwritable])).rejects.toThrow();
    expect(await rowsOf(bench.store, second)).toMatchObject({ results: 0, verdicts: 0, missing: 1 });
    expect((await bench.store.traces.open(hexId(2) as TraceId))?.judgements).toEqual([]);
  });

  it('[R2] items whose import was undone while they were judged are passed over', async () => {
    await open({ slow: 100 });
    await fill(bench.store, 40);
    const run = await bench.verify(all(40));
    await reaches(run, 8);
    const [imported] = await bench.store.imports.list();
    if (imported) await bench.store.imports.undo(imported.id);
    expect((await ends(run)).state).toBe('succeeded');
    expect((await bench.store.judgements.judges()).map((j) => j.judge)).not.toContain('verifier:stub');
  });

  it('[R5] a worker that dies or hangs fails only the trace that made it', async () => {
    await open({ tuning: { batch: 10, save: 20, limitMs: 700 } });
    await fill(bench.store, 40, { 7: 'DIES', 24: 'HANGS' });
    const run = await ends(await bench.verify(all(40)));
    expect(run).toMatchObject({ state: 'succeeded', total: 40, failed: 2, done: 30, skipped: 8 });
    const { total, items } = await bench.store.runAnswers.failures(id(run), { offset: 0, limit: 10 });
    expect(total).toBe(2);
    expect(items).toEqual([
      { trace: hexId(7), repetition: 0, cause: 'judge-error', error: 'The worker thread ended early.' },
      {
        trace: hexId(24),
        repetition: 0,
        cause: 'judge-error',
        error: 'It took longer than 0.7 s and was stopped.',
      },
    ]);
  });
});

describe('acts on a run', () => {
  it('[R6] cancel stops a running run within a second, even inside a judge that hangs, and keeps its results', async () => {
    await open({ tuning: { batch: 10, save: 10, limitMs: 60_000 } });
    await fill(bench.store, 40, { 25: 'HANGS' });
    const run = await bench.verify(all(40));
    await reaches(run, 16);
    const began = performance.now();
    const cancelled = await bench.engine.cancel(id(run));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(cancelled).toMatchObject({ state: 'cancelled', total: 40, done: 16, skipped: 4, failed: 0 });
    expect(cancelled.endedAt).not.toBeNull();
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ results: 20, verdicts: 16, missing: 20 });
  });

  it('[R6] a queued run is cancelled before it begins, and the lane goes on behind it', async () => {
    await open({ slow: 30 });
    await fill(bench.store, 30);
    const [first, second, third] = [
      await bench.verify(all(30)),
      await bench.verify(all(20)),
      await bench.verify(all(10)),
    ] as const;
    expect(await bench.engine.cancel(id(second))).toMatchObject({ state: 'cancelled', startedAt: null });
    expect((await ends(third)).state).toBe('succeeded');
    expect((await ends(first)).state).toBe('succeeded');
    expect((await rowsOf(bench.store, second.id)).results).toBe(0);
    await expect(bench.engine.cancel(id(second))).rejects.toThrow(IllegalTransition);
  });

  it('[R7] pause keeps what is in hand, resume does the rest, and a paused run can be cancelled', async () => {
    await open({ slow: 100 });
    await fill(bench.store, 60);
    const run = await bench.verify(all(60));
    await reaches(run, 8);
    const paused = await bench.engine.pause(id(run));
    expect(paused.state).toBe('paused');
    const held = await rowsOf(bench.store, run.id);
    expect(held.results).toBe(paused.done + paused.skipped);
    expect(held.missing).toBeGreaterThan(0);
    await restart();
    expect(await bench.engine.recover()).toBe(0);
    expect((await ends(await bench.engine.resume(id(run)))).state).toBe('succeeded');
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ results: 60, verdicts: 48, missing: 0 });
    const second = await bench.verify(all(50));
    await bench.engine.pause(id(second));
    expect(await bench.engine.cancel(id(second))).toMatchObject({ state: 'cancelled' });
  });

  it('[R7] an import cannot stand still while it runs, and is cancelled at once', async () => {
    await open();
    const run = await bench.engine.start({
      kind: 'import',
      title: '',
      subject: '',
      fingerprint: '',
      config: {},
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(bench.engine.pause(id(run))).rejects.toThrow(RunError);
    expect((await bench.engine.cancel(id(run))).state).toBe('cancelled');
  });

  it('[R8] retry does the failed items again, all or one, and nothing else', async () => {
    await open();
    await fill(bench.store, 30);
    bench.breakOn([2, 4, 7]);
    const run = await ends(await bench.verify(all(30)));
    expect(run).toMatchObject({ state: 'succeeded', failed: 3, done: 21 });
    bench.breakOn([4]);
    await ends(await bench.engine.retry(id(run), { trace: hexId(7) as TraceId }));
    expect(await bench.engine.get(id(run))).toMatchObject({ failed: 2, done: 22 });
    await expect(bench.engine.retry(id(run), { trace: hexId(7) as TraceId })).rejects.toThrow('did not fail');
    await ends(await bench.engine.retry(id(run)));
    expect(await bench.store.runAnswers.failures(id(run), { offset: 0, limit: 9 })).toEqual({
      total: 1,
      items: [{ trace: hexId(4), repetition: 0, cause: 'judge-error', error: 'trace 4 broke the judge' }],
    });
    bench.breakOn([]);
    expect(await ends(await bench.engine.retry(id(run)))).toMatchObject({ failed: 0, done: 24, skipped: 6 });
    expect(await rowsOf(bench.store, run.id)).toMatchObject({
      verdicts: 24,
      distinctVerdicts: 24,
      results: 30,
    });
    await expect(bench.engine.retry(id(run))).rejects.toThrow('no failed items');
    await expect(bench.engine.resume(id(run))).rejects.toThrow(IllegalTransition);
  });

  it('[R3] acts that do not fit are refused and change nothing; an unknown run is not found', async () => {
    await open();
    await fill(bench.store, 5);
    const run = await ends(await bench.verify(all(5)));
    for (const act of ['cancel', 'pause', 'resume'] as const)
      await expect(bench.engine[act](id(run)), act).rejects.toThrow(IllegalTransition);
    expect(await bench.engine.get(id(run))).toMatchObject({ state: 'succeeded', done: 4 });
    await expect(bench.engine.cancel(99 as RunId)).rejects.toThrow(NotFoundError);
  });

  it('[R2] closing the workspace leaves a run that goes on at the next start', async () => {
    await open({ slow: 100 });
    await fill(bench.store, 60);
    const run = await bench.verify(all(60));
    await reaches(run, 8);
    await restart();
    expect((await bench.engine.interrupted()).map((r) => r.id)).toEqual([run.id]);
    await bench.engine.recover();
    expect(await ends(run)).toMatchObject({ state: 'succeeded', done: 48, skipped: 12 });
    expect(await rowsOf(bench.store, run.id)).toMatchObject({ verdicts: 48, distinctVerdicts: 48 });
  });
});
