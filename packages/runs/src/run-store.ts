import type { RunId } from '@flywheel/domain/ids';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';

export type RunConfig = { [key: string]: JsonValue };

/** What a run became for one item. */
export interface ItemResult {
  seq: number;
  state: 'done' | 'not-applicable' | 'failed';
  error?: string;
}

/** What the run engine asks of the store; `packages/store` offers it as `store.runs`. */
export interface RunStore {
  create(run: {
    kind: RunSummary['kind'];
    title: string;
    subject: string;
    fingerprint: string;
    config: RunConfig;
  }): Promise<RunId>;
  list(): Promise<RunSummary[]>;
  get(id: RunId): Promise<(RunSummary & { config: RunConfig }) | null>;
  update(
    id: RunId,
    patch: Partial<
      Pick<
        RunSummary,
        'state' | 'total' | 'done' | 'failed' | 'skipped' | 'error' | 'startedAt' | 'endedAt' | 'result'
      >
    >,
  ): Promise<unknown>;
  /** Fixes the run's items once; a second call with items present changes nothing. */
  freeze(id: RunId, seqs: Uint32Array): Promise<unknown>;
  /** Items without a result, at most `limit`. */
  missing(id: RunId, limit: number): Promise<Uint32Array>;
  /** Keeps results; an item that has one keeps the first. */
  record(id: RunId, results: ItemResult[]): Promise<unknown>;
}

/** States that a stopped process leaves behind. */
export const INTERRUPTED: ReadonlySet<RunState> = new Set(['queued', 'running']);
