import type { DuckDBValue } from '@duckdb/node-api';
import { Tuning } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import { asksModel, type RunState, type RunSummary } from '@flywheel/domain/run';
import type { RunConfig, RunPatch } from '@flywheel/domain/run-record';
import { type Row, timestamp, type Writer } from './database.ts';

export const SELECT_RUN = `SELECT *, epoch_ms(created_at) AS created_ms, epoch_ms(started_at) AS started_ms, epoch_ms(ended_at) AS ended_ms FROM run`;
const ms = (v: unknown): number | null => (v === null ? null : Number(v));

const tuningOf = (kind: RunSummary['kind'], config: RunConfig): Tuning | null =>
  asksModel(kind) ? (Tuning.safeParse(config).data ?? null) : null;

export const toRun = (r: Row): RunSummary & { config: RunConfig } => {
  const kind = r.kind as RunSummary['kind'];
  const config = JSON.parse(r.config as string) as RunConfig;
  return {
    id: Number(r.id),
    kind,
    title: r.title as string,
    state: r.state as RunState,
    subject: r.subject as string,
    fingerprint: r.fingerprint as string,
    total: r.total === null ? null : Number(r.total),
    done: Number(r.done),
    failed: Number(r.failed),
    skipped: Number(r.skipped),
    progress: null,
    error: r.error as string | null,
    createdAt: Number(r.created_ms),
    startedAt: ms(r.started_ms),
    endedAt: ms(r.ended_ms),
    result: JSON.parse(r.result as string),
    spend: r.spend === null ? null : JSON.parse(r.spend as string),
    flight: null,
    tuning: tuningOf(kind, config),
    config,
  };
};

/** Changes what `patch` names of a run, in the caller's transaction. */
export const patchRun = async (tx: Writer, id: RunId, patch: RunPatch): Promise<void> => {
  const time = (ms: number | null) => (ms === null ? null : timestamp(ms));
  const columns: [string, DuckDBValue][] = [];
  for (const key of ['state', 'total', 'done', 'failed', 'skipped', 'error', 'fingerprint'] as const)
    if (patch[key] !== undefined) columns.push([key, patch[key]]);
  if (patch.result !== undefined) columns.push(['result', JSON.stringify(patch.result)]);
  if (patch.spend !== undefined) columns.push(['spend', patch.spend && JSON.stringify(patch.spend)]);
  if (patch.config !== undefined) columns.push(['config', JSON.stringify(patch.config)]);
  if (patch.startedAt !== undefined) columns.push(['started_at', time(patch.startedAt)]);
  if (patch.endedAt !== undefined) columns.push(['ended_at', time(patch.endedAt)]);
  if (columns.length === 0) return;
  await tx.run(
    `UPDATE run SET ${columns.map(([name], i) => `${name} = $${i + 2}`).join(', ')} WHERE id = $1`,
    [id, ...columns.map(([, value]) => value)],
  );
};
