import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { Connection } from './connect.ts';
import { secondsOf } from './follow.ts';

/** A run with what it cost and why items failed; `null` where it makes no calls. Durations in seconds, rate in items a second. */
export interface RunReport {
  run: RunSummary;
  calls: number | null;
  cached: number | null;
  tokens: number | null;
  /** US dollars; null where it is not known. */
  cost: number | null;
  rate: number;
  seconds: number;
  /** Failed items by cause. */
  errors: Record<string, number>;
}

/** @throws Error when there is no such run */
export const runReport = async (api: Connection['api'], id: RunId): Promise<RunReport> => {
  const found = await api.runs.get.query({ id });
  if (!found) throw new Error(`There is no run ${id}. \`flywheel run list\` lists them.`);
  const { config: _config, ...run } = found;
  const causes = run.failed > 0 ? await api.runs.causes.query({ id }) : [];
  const seconds = secondsOf(run);
  const { spend } = run;
  return {
    run,
    calls: spend?.calls ?? null,
    cached: spend?.cached ?? null,
    tokens: spend ? spend.inputTokens + spend.outputTokens : null,
    cost: spend?.cost ?? null,
    rate: run.progress?.rate ?? (seconds > 0 ? (run.done + run.failed + run.skipped) / seconds : 0),
    seconds,
    errors: Object.fromEntries(causes.map((c) => [c.cause, c.count])),
  };
};
