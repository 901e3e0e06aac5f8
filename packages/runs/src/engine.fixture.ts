import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '@flywheel/domain/run';
import { openStore, type Store } from '@flywheel/store/store';
import type { StubJudge } from '@flywheel/testkit/stub-judge-worker';
import { seededTraces } from '@flywheel/testkit/traces';
import { fingerprint } from './fingerprint.ts';
import { RunEngine } from './run-engine.ts';
import { RunEvents } from './run-events.ts';
import { RunWatch } from './run-watch.ts';
import { type VerifyTuning, verifyRun } from './verify-run.ts';
import { WorkerPool } from './worker-pool.ts';

const WORKER = new URL('../../testkit/src/stub-judge-worker.ts', import.meta.url);
const brokenFile = (home: string): string => join(home, 'broken.json');

export interface Bench {
  store: Store;
  engine: RunEngine;
  events: RunEvents;
  /** Trace numbers on which the judge throws from now on. */
  breakOn: (numbers: readonly number[]) => void;
  verify: (items: ArrayLike<number>, more?: { judge?: string }) => Promise<RunSummary>;
  close: () => Promise<void>;
}

/** A store, a worker pool with the stub judge and an engine over `home`: what `apps/server` composes, without its judges. */
export const openBench = async (
  home: string,
  options: { slow?: number; tuning?: Partial<VerifyTuning> } = {},
): Promise<Bench> => {
  const store = await openStore(home);
  const stub: StubJudge = { slow: options.slow ?? 0, broken: brokenFile(home) };
  const pool = new WorkerPool(WORKER, 2, stub);
  const events = new RunEvents('test');
  const engine = new RunEngine({
    store: store.runs,
    events,
    watch: new RunWatch('test'),
    handlers: {
      verify: verifyRun({
        runs: store.runs,
        texts: (seqs) => store.traces.texts(seqs),
        pool,
        tuning: { batch: 5, save: 10, ...options.tuning },
      }),
      // Ends when it is told to: an import's manner, as far as the engine knows it.
      import: {
        manner: 'alone',
        itemwise: false,
        pausable: false,
        work: ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
      export: { manner: 'beside', itemwise: false, pausable: false, work: async () => ({ written: 1 }) },
    },
  });
  return {
    store,
    engine,
    events,
    breakOn: (numbers) => writeFileSync(brokenFile(home), JSON.stringify(numbers)),
    verify: (items, { judge = 'verifier:stub' } = {}) => {
      const seqs = Uint32Array.from(items);
      const config = { judge };
      return engine.start({
        kind: 'verify',
        title: 'Stub',
        subject: '',
        fingerprint: fingerprint({ kind: 'verify', ...config }, seqs),
        config,
        items: seqs,
      });
    },
    close: async () => {
      await engine.close();
      await pool.close();
      await store.close();
    },
  };
};

/** Fills a store with `n` seeded traces, of which trace number `i` has row number `i - 1`; `say` puts words into some. */
export const fill = async (store: Store, n: number, say: Record<number, string> = {}): Promise<void> => {
  const id = await store.imports.begin({ title: 'seeded', mapping: {} });
  const traces = seededTraces(n).map((t, i) => ({ ...t, steps: [...t.steps, say[i + 1] ?? 'Done.'] }));
  await store.imports.write(id, traces);
  const counts = { imported: n, duplicates: 0, rejected: 0, rejectsFile: null };
  await store.imports.finish(id, 'done', counts);
};

const ROWS = ['results', 'distinctResults', 'verdicts', 'distinctVerdicts', 'done', 'missing'] as const;

/** What the store holds of a run, counted from its rows at one moment. */
export const rowsOf = async (store: Store, run: number): Promise<Record<(typeof ROWS)[number], number>> => {
  const { rows } = await store.sql.query(
    `SELECT count(*), count(DISTINCT trace),
       (SELECT count(*) FROM judgement WHERE run_id = ${run}),
       (SELECT count(DISTINCT trace) FROM judgement WHERE run_id = ${run}),
       count(*) FILTER (state = 0),
       (SELECT count(*) FROM run_item WHERE run = ${run} AND trace NOT IN (SELECT trace FROM run_result WHERE run = ${run}))
     FROM run_result WHERE run = ${run}`,
    { maxRows: 1, timeoutMs: 10_000 },
  );
  const counts = ROWS.map((name, i) => [name, Number(rows[0]?.[i])] as const);
  return Object.fromEntries(counts) as Record<(typeof ROWS)[number], number>;
};
