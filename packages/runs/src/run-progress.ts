import type { RunSummary } from '@flywheel/domain/run';
import { ProgressMeter } from './progress-meter.ts';

export type Counts = Partial<Pick<RunSummary, 'total' | 'done' | 'failed' | 'skipped'>>;

/** What drives rate and ETA where it is not the counts: bytes of a file. */
export interface Place {
  done: number;
  total: number | null;
  unit: string;
}

const PUBLISH_MS = 150;
const PERSIST_MS = 2_000;

/** Turns what a handler reports into a run's newest summary, and says when that is worth telling and saving. */
export class RunProgress {
  private run: RunSummary;
  private meter: ProgressMeter | null = null;
  private published = 0;
  private persisted: number;

  constructor(run: RunSummary, now: number) {
    this.run = run;
    this.persisted = now;
  }

  get summary(): RunSummary {
    return this.run;
  }

  report(
    now: number,
    counts: Counts,
    place?: Place,
  ): { run: RunSummary; publish: boolean; persist: boolean } {
    const counted = { ...this.run, ...counts };
    const { done, total, unit } = place ?? {
      done: counted.done + counted.failed + counted.skipped,
      total: counted.total,
      unit: 'traces',
    };
    // Items that an earlier stretch did are no part of this stretch's rate.
    this.meter ??= new ProgressMeter(unit, this.run.startedAt ?? now, place ? 0 : done);
    this.run = { ...counted, progress: this.meter.at(now, done, total) };
    const publish = now - this.published >= PUBLISH_MS;
    const persist = now - this.persisted >= PERSIST_MS;
    if (publish) this.published = now;
    if (persist) this.persisted = now;
    return { run: this.run, publish, persist };
  }
}
