import type { Progress } from '@flywheel/domain/progress';

const WINDOW_MS = 5_000;

/** Turns counts into {@link Progress}: the rate is that of the last five seconds. Times in milliseconds. */
export class ProgressMeter {
  private readonly startedAt: number;
  private readonly startedWith: number;
  private readonly unit: string;
  private samples: { at: number; done: number }[] = [];

  constructor(unit: string, now: number, alreadyDone = 0) {
    this.unit = unit;
    this.startedAt = now;
    this.startedWith = alreadyDone;
    this.samples = [{ at: now, done: alreadyDone }];
  }

  at(now: number, done: number, total: number | null): Progress {
    this.samples.push({ at: now, done });
    while (this.samples.length > 2 && (this.samples[1]?.at ?? now) < now - WINDOW_MS) this.samples.shift();
    const first = this.samples[0] ?? { at: this.startedAt, done: this.startedWith };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? Math.max(0, (done - first.done) / seconds) : 0;
    return {
      done,
      total,
      unit: this.unit,
      rate,
      etaSeconds: total === null || rate === 0 ? null : Math.max(0, total - done) / rate,
      elapsedSeconds: (now - this.startedAt) / 1000,
    };
  }
}
