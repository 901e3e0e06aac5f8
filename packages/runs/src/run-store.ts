import type { RunSpend } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { ItemResult, RunItem, Tally } from '@flywheel/domain/run-item';
import type { FailedOnly, RunConfig, RunPatch } from '@flywheel/domain/run-record';

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
  /** Fixes the run's items once, each `repetitions` times; a second call with items present changes nothing. */
  freeze(id: RunId, seqs: Uint32Array, repetitions?: number): Promise<unknown>;
  /** Adds those traces that are not among the run's; returns how many they were. */
  addItems(id: RunId, seqs: Uint32Array, fingerprint: string): Promise<number>;
  /** Items without a result, at most `limit`, by repetition, then in order of arrival. */
  missing(id: RunId, limit: number): Promise<RunItem[]>;
  /**
   * Keeps results and their judgements in one transaction; an item that has a result keeps the first.
   * Returns what was kept of these.
   */
  record(id: RunId, results: ItemResult[]): Promise<Omit<Tally, 'total'>>;
  /** Counts from items and results themselves; null for a run without items. */
  tally(id: RunId): Promise<Tally | null>;
  /** What the kept answers of a run cost. */
  spend(id: RunId): Promise<RunSpend>;
  /** Makes failed items items to do and, if there were any, patches the run, in one transaction. */
  reopen(id: RunId, patch: RunPatch, only?: FailedOnly): Promise<number>;
}
