import type { RunId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { RunSummary } from '@flywheel/domain/run';
import type { TraceText } from '@flywheel/domain/trace';
import type { JobContext } from './run-engine.ts';
import type { ItemResult, RunStore } from './run-store.ts';
import type { WorkerPool } from './worker-pool.ts';

/** One trace's answer from a worker: a judgement, null (does not apply), or why the verifier failed. */
export type VerifyAnswer = { judgement: Judgement } | { judgement: null } | { error: string };

export interface VerifyPorts {
  runs: RunStore;
  texts(seqs: Uint32Array): Promise<TraceText[]>;
  append(judgements: Judgement[], runId: RunId): Promise<unknown>;
  /** Its worker takes `{ judge, traces }` and answers with one {@link VerifyAnswer} a trace, in order. */
  pool: WorkerPool;
}

const FETCH = 4_000;
const BATCH = 250;

/**
 * Judges the items of a run that have no result yet. Verdicts are kept before the results that say so:
 * a kill between the two judges those items again, and equal newest verdicts resolve alike.
 */
export const verifyRun =
  (ports: VerifyPorts) =>
  async (job: JobContext): Promise<RunSummary['result']> => {
    const judge = String(job.config.judge);
    const before = await ports.runs.get(job.id);
    let done = before?.done ?? 0;
    let skipped = before?.skipped ?? 0;
    let failed = before?.failed ?? 0;
    let flawed = Number(before?.result.flawed ?? 0);
    const total = before?.total ?? null;
    for (;;) {
      if (job.signal.aborted) break;
      const seqs = await ports.runs.missing(job.id, FETCH);
      if (seqs.length === 0) break;
      const traces = await ports.texts(seqs);
      const gone = new Set(seqs);
      for (const t of traces) gone.delete(t.seq);
      const batches = Array.from({ length: Math.ceil(traces.length / BATCH) }, (_, i) =>
        traces.slice(i * BATCH, (i + 1) * BATCH),
      );
      const answers = await Promise.all(
        batches.map(async (batch) => {
          if (job.signal.aborted) return null;
          try {
            return await ports.pool.call<VerifyAnswer[]>({ judge, traces: batch });
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            return batch.map((): VerifyAnswer => ({ error: message }));
          }
        }),
      );
      const judgements: Judgement[] = [];
      const results: ItemResult[] = [...gone].map((seq) => ({
        seq,
        state: 'failed',
        error: 'The trace is gone.',
      }));
      batches.forEach((batch, b) => {
        batch.forEach((trace, i) => {
          const answer = answers[b]?.[i];
          if (!answer) return;
          if ('error' in answer) results.push({ seq: trace.seq, state: 'failed', error: answer.error });
          else if (answer.judgement === null) results.push({ seq: trace.seq, state: 'not-applicable' });
          else {
            judgements.push(answer.judgement);
            results.push({ seq: trace.seq, state: 'done' });
          }
        });
      });
      if (judgements.length > 0) await ports.append(judgements, job.id);
      if (results.length > 0) await ports.runs.record(job.id, results);
      for (const r of results) {
        if (r.state === 'done') done++;
        else if (r.state === 'failed') failed++;
        else skipped++;
      }
      flawed += judgements.filter((j) => j.verdict === 'flawed').length;
      job.report({ total, done, skipped, failed });
    }
    return { flawed };
  };
