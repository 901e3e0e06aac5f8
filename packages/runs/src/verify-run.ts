import type { ItemCause } from '@flywheel/domain/critique';
import type { Judgement } from '@flywheel/domain/judgement';
import type { RunSummary } from '@flywheel/domain/run';
import type { ItemResult } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import type { JobContext, RunHandler } from './run-handler.ts';
import type { RunStore } from './run-store.ts';
import { WorkerLost, type WorkerPool } from './worker-pool.ts';

/** One trace's answer from a worker: a judgement, null (does not apply), or why the verifier failed. */
export type VerifyAnswer = { judgement: Judgement } | { judgement: null } | { error: string };

export interface VerifyPorts {
  runs: RunStore;
  texts(seqs: Uint32Array): Promise<TraceText[]>;
  /** Its worker takes `{ judge, traces }` and answers with one {@link VerifyAnswer} a trace, in order. */
  pool: WorkerPool;
  tuning?: Partial<VerifyTuning>;
}

export interface VerifyTuning {
  /** Traces to a worker's message, and how long a worker may take for it, in milliseconds. */
  batch: number;
  limitMs: number;
  /** Items to a transaction, at most; a slow judge gets fewer, so that its progress shows and a kill costs little. */
  save: number;
}

const TUNING: VerifyTuning = { batch: 250, limitMs: 10_000, save: 8_000 };
const WINDOW = 40_000;
const FIRST_SAVE = 500;
const SAVE_MS = 500;

/**
 * Judges the items of a run that have no result yet. A verdict and the result that says so are kept in one
 * transaction; the next items are judged meanwhile.
 */
export const verifyRun = (ports: VerifyPorts): RunHandler => ({
  manner: 'alone',
  itemwise: true,
  pausable: true,
  work: (job) => judgeMissing(ports, job),
});

const judgeMissing = async (ports: VerifyPorts, job: JobContext): Promise<RunSummary['result']> => {
  const bench: Bench = {
    ports,
    tuning: { ...TUNING, ...ports.tuning },
    judge: String(job.config.judge),
    signal: job.signal,
  };
  const { save } = bench.tuning;
  const tally = (await ports.runs.tally(job.id)) ?? { total: 0, done: 0, failed: 0, skipped: 0, flawed: 0 };
  const report = (): void => {
    const { flawed: _flawed, ...counts } = tally;
    job.report(counts);
  };
  report();
  const stopping = (): boolean => job.hold.aborted;
  let size = Math.min(FIRST_SAVE, save);
  while (!stopping()) {
    const open = Uint32Array.from(await ports.runs.missing(job.id, WINDOW), (item) => item.seq);
    if (open.length === 0) break;
    let at = 0;
    const take = (): Promise<ItemResult[]> | null => {
      const items = open.subarray(at, at + size);
      at += items.length;
      return items.length > 0 && !stopping() ? judgeItems(bench, items) : null;
    };
    let next = take();
    while (next) {
      const began = performance.now();
      const results: ItemResult[] = await next;
      next = take();
      const kept = await ports.runs.record(job.id, results);
      for (const key of ['done', 'failed', 'skipped', 'flawed'] as const) tally[key] += kept[key];
      report();
      const pace = SAVE_MS / (performance.now() - began);
      size = Math.round(Math.min(save, Math.max(1, size * Math.min(2, Math.max(0.5, pace)))));
    }
  }
  return { flawed: tally.flawed };
};

/** What judging needs, the same for all items of a run. */
interface Bench {
  ports: VerifyPorts;
  tuning: VerifyTuning;
  judge: string;
  signal: AbortSignal;
}

/** Results of these items; those that an abort cut off have none. */
const judgeItems = async (bench: Bench, seqs: Uint32Array): Promise<ItemResult[]> => {
  const { batch } = bench.tuning;
  const traces = await bench.ports.texts(seqs);
  const here = new Set(traces.map((t) => t.seq));
  const gone = [...seqs].filter((seq) => !here.has(seq));
  const starts = Array.from({ length: Math.ceil(traces.length / batch) }, (_, i) => i * batch);
  const judged = await Promise.all(starts.map((at) => judgeBatch(bench, traces.slice(at, at + batch))));
  return [
    ...gone.map((seq): ItemResult => failed(seq, 'trace-gone', 'The trace is gone.')),
    ...judged.flat(),
  ];
};

/** A batch that cost a worker its life is judged again trace by trace, so that only the culprit fails. */
const judgeBatch = async (bench: Bench, batch: TraceText[]): Promise<ItemResult[]> => {
  const { ports, judge, signal, tuning } = bench;
  try {
    const message = { judge, traces: batch };
    const answers = await ports.pool.call<VerifyAnswer[]>(message, { signal, limitMs: tuning.limitMs });
    return batch.map((trace, i) =>
      resultOf(trace.seq, answers[i] ?? { error: 'The worker gave no answer.' }),
    );
  } catch (error) {
    if (signal.aborted) return [];
    if (error instanceof WorkerLost && batch.length > 1) {
      const results: ItemResult[] = [];
      for (const trace of batch) results.push(...(await judgeBatch(bench, [trace])));
      return results;
    }
    const message = error instanceof Error ? error.message : String(error);
    return batch.map(({ seq }) => failed(seq, 'judge-error', message));
  }
};

const resultOf = (seq: number, answer: VerifyAnswer): ItemResult => {
  if ('error' in answer) return failed(seq, 'judge-error', answer.error);
  return answer.judgement === null
    ? { seq, repetition: 0, state: 'not-applicable' }
    : { seq, repetition: 0, state: 'done', judgement: answer.judgement };
};

const failed = (seq: number, cause: ItemCause, error: string): ItemResult => ({
  seq,
  repetition: 0,
  state: 'failed',
  cause,
  error,
});
