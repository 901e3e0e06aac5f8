import type { Progress } from '@flywheel/domain/progress';

const SAMPLES = 20;

/** Turns steps into {@link Progress}: the rate is that of the last twenty steps that were said. Times in milliseconds. */
export class StepRate {
  private readonly began: number;
  private samples: { at: number; step: number }[] = [];

  constructor(began: number) {
    this.began = began;
  }

  at(now: number, step: number, total: number | null): Progress {
    if (this.samples.at(-1)?.step !== step) this.samples.push({ at: now, step });
    if (this.samples.length > SAMPLES) this.samples.shift();
    const first = this.samples[0];
    // Steps that were all read at once, and the first of all, are measured from the start.
    const from = first && first.at < now ? first : { at: this.began, step: 0 };
    const seconds = (now - from.at) / 1000;
    const rate = seconds > 0 ? Math.max(0, (step - from.step) / seconds) : 0;
    return {
      done: step,
      total,
      unit: 'steps',
      rate,
      etaSeconds: total === null || rate === 0 ? null : Math.max(0, total - step) / rate,
      elapsedSeconds: (now - this.began) / 1000,
    };
  }
}
