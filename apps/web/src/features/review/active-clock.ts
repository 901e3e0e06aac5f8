/** Longest pause between two signs of life that still counts as work. */
export const IDLE_MS = 60_000;

/**
 * Active time on one trace: gaps between signs of life (keys, pointer, scrolling) count up to `IDLE_MS`
 * each, so that a lunch break is not a slow review.
 */
export class ActiveClock {
  #last: number;
  #spent = 0;
  constructor(now: number) {
    this.#last = now;
  }
  touch(now: number): void {
    this.#spent += Math.min(Math.max(0, now - this.#last), IDLE_MS);
    this.#last = now;
  }
  /** Milliseconds up to now. */
  spent(now: number): number {
    this.touch(now);
    return this.#spent;
  }
  restart(now: number): void {
    this.#last = now;
    this.#spent = 0;
  }
}
