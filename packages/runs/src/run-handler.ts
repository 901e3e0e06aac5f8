import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunLive } from '@flywheel/domain/run-live';
import type { RunConfig } from '@flywheel/domain/run-record';
import type { Counts, Place } from './run-progress.ts';

export interface JobContext {
  id: RunId;
  /** What the run was made from. `concurrency`, `priority` and `budget` may change while it runs: read them when used. */
  config: RunConfig;
  /** Aborted by cancel and by shutdown: stop within a second. */
  signal: AbortSignal;
  /** Aborted by these and by a pause: begin nothing new, finish what is in hand, keep it, and return. */
  hold: AbortSignal;
  /** A person asked for failed items to be done again: what made them fail is not to be taken from a cache. */
  retrying: boolean;
  /** Counts so far; `place` drives rate and ETA where the counts do not (bytes of a file). */
  report(counts: Counts, place?: Place): void;
  /** Tells whoever watches the run. */
  tell(live: RunLive): void;
}

/** What the engine must know of a kind of run to do it. */
export interface RunHandler {
  /** Must be safe to call again after a kill: what is done already is not done twice. */
  work(job: JobContext): Promise<RunSummary['result']>;
  /** `alone`: one after another with all others of that manner, for work that fills the machine. */
  manner: 'alone' | 'beside';
  /** Made of items with results of their own, from which it is counted; more can be added, failed ones done again. */
  itemwise: boolean;
  /** It can stand still (then it throws the hold's reason, or returns) and go on from there; its like joins it. */
  pausable: boolean;
  /**
   * Before a run goes on: its fingerprint as it would be made today. Where that differs, resuming would mix results of two
   * different questions, and is refused. Throws where the run cannot be made any more.
   */
  fingerprint?(run: RunSummary & { config: RunConfig }): Promise<string>;
}
