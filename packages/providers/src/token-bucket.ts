/** Seconds' worth of units that may be saved up. */
const SAVED_SECONDS = 5;

/**
 * So many units a minute, spent in any sizes: one that is larger than what can be saved up is let through when the bucket is
 * full, and paid back afterwards. Times in milliseconds on a clock that does not jump.
 */
export class TokenBucket {
  private readonly perMs: number;
  private readonly capacity: number;
  private level: number;
  private at: number;

  /** `perMinute` null: no limit. */
  constructor(perMinute: number | null, now: number) {
    this.perMs = perMinute === null ? Number.POSITIVE_INFINITY : perMinute / 60_000;
    this.capacity =
      perMinute === null ? Number.POSITIVE_INFINITY : Math.max(1, (perMinute / 60) * SAVED_SECONDS);
    this.level = this.capacity;
    this.at = now;
  }

  /** Milliseconds until `units` may be spent; 0: now. */
  wait(units: number, now: number): number {
    if (this.capacity === Number.POSITIVE_INFINITY) return 0;
    this.refill(now);
    const needed = Math.min(units, this.capacity) - this.level;
    return needed <= 0 ? 0 : Math.ceil(needed / this.perMs);
  }

  /** Spends units; may leave a debt. Negative units give back what a call did not use. */
  spend(units: number, now: number): void {
    if (this.capacity === Number.POSITIVE_INFINITY) return;
    this.refill(now);
    this.level = Math.min(this.capacity, this.level - units);
  }

  private refill(now: number): void {
    this.level = Math.min(this.capacity, this.level + Math.max(0, now - this.at) * this.perMs);
    this.at = now;
  }
}
