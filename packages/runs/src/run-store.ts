import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';

export type RunConfig = { [key: string]: JsonValue };

/** What a run became for one item; `judgement` only with `done`, `error` only with `failed`. */
export interface ItemResult {
  seq: number;
  state: 'done' | 'not-applicable' | 'failed';
  error?: string;
  judgement?: Judgement;
}

/** Counts of items; `flawed` of `done` were found flawed. What is missing to `total` is still to do. */
export interface Tally {
  total: number;
  done: number;
  failed: number;
  skipped: number;
  flawed: number;
}

export type RunPatch = Partial<
  Pick<
    RunSummary,
    'state' | 'total' | 'done' | 'failed' | 'skipped' | 'error' | 'startedAt' | 'endedAt' | 'result'
  >
>;

/** What the run engine asks of the store; `packages/store` offers it as `store.runs`. */
export interface RunStore {
  create(run: {
    kind: RunSummary['kind'];
    title: string;
    subject: string;
    fingerprint: string;
    config: RunConfig;
  }): Promise<RunId>;
  /** The newest, or all that are in one of `states`; newest first. */
  list(states?: readonly RunState[]): Promise<RunSummary[]>;
  get(id: RunId): Promise<(RunSummary & { config: RunConfig }) | null>;
  update(id: RunId, patch: RunPatch): Promise<unknown>;
  /** Fixes the run's items once; a second call with items present changes nothing. */
  freeze(id: RunId, seqs: Uint32Array): Promise<unknown>;
  /** Items without a result, at most `limit`. */
  missing(id: RunId, limit: number): Promise<Uint32Array>;
  /**
   * Keeps results and their judgements in one transaction; an item that has a result keeps the first.
   * Returns what was kept of these.
   */
  record(id: RunId, results: ItemResult[]): Promise<Omit<Tally, 'total'>>;
  /** Counts from items and results themselves; null for a run without items. */
  tally(id: RunId): Promise<Tally | null>;
  /** Makes failed items (or that of one trace) items to do and, if there were any, patches the run, in one transaction. */
  reopen(id: RunId, patch: RunPatch, trace?: TraceId): Promise<number>;
}
