import type { RunSummary } from '@flywheel/domain/run';
import { ProgressMeter } from './progress-meter.ts';

export type Counts = Partial<
  Pick<RunSummary, 'total' | 'done' | 'failed' | 'skipped' | 'spend' | 'flight' | 'result'>
>;

/** What drives rate and ETA where it is not the counts: bytes of a file. */
export interface Place {
  done: number;
  total: number | null;
  unit: string;
}

/** Turns what a handler reports into the run's newest summary. Times in milliseconds, on a clock that does not jump. */
export class RunProgress {
  private readonly began: number;
  private meter: ProgressMeter | null = null;

  /** `now`: when this stretch of the run begins. */
  constructor(now: number) {
    this.began = now;
  }

  next(run: RunSummary, now: number, counts: Counts, place?: Place): RunSummary {
    const counted = { ...run, ...counts };
    const { done, total, unit } = place ?? {
      done: counted.done + counted.failed + counted.skipped,
      total: counted.total,
      unit: 'traces',
    };
    // Items that an earlier stretch did are no part of this stretch's rate.
    this.meter ??= new ProgressMeter(unit, this.began, place ? 0 : done);
    return { ...counted, progress: this.meter.at(now, done, total) };
  }
}

/** Lets `act` happen at most every `ms`, and once after the last call; `stop` forgets what is due. */
export const atMostEvery = (ms: number, act: () => void): { soon: () => void; stop: () => void } => {
  let due: NodeJS.Timeout | undefined;
  return {
    soon: () => {
      due ??= setTimeout(() => {
        due = undefined;
        act();
      }, ms);
    },
    stop: () => clearTimeout(due),
  };
};
