import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { ExecutionPorts } from './run-execution.ts';
import type { RunStore } from './run-store.ts';

/** With the counts of its items and results, where it has items: what a dead process saved last may be old. */
export const recounted = async (
  { store, handlers }: Pick<ExecutionPorts, 'store' | 'handlers'>,
  run: RunSummary,
): Promise<RunSummary> => {
  // Items of an export have no results: it counts what it writes, and starts anew.
  const tally = handlers[run.kind]?.itemwise ? await store.tally(run.id as RunId) : null;
  if (!tally) return run;
  const { flawed, ...counts } = tally;
  const spend = run.spend && (await store.spend(run.id as RunId));
  return { ...run, ...counts, spend, result: { ...run.result, flawed } };
};

/** Keeps everything of a run that changes. */
export const saveRun = async (store: RunStore, run: RunSummary): Promise<void> => {
  const { state, total, done, failed, skipped, error, startedAt, endedAt, result, spend } = run;
  const patch = { state, total, done, failed, skipped, error, startedAt, endedAt, result, spend };
  await store.update(run.id as RunId, patch);
};
