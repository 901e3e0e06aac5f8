export type BreakerState = 'closed' | 'open' | 'half-open';

const FAILURES = 10;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Keeps calls from a provider that does not answer. After ten failures in a row, with no answer in between, it opens: calls
 * wait. After a second one call is let through; when that fails, too, twice as long is waited, up to 30 s, else all go on.
 * (Nygard, Release It!, ch. 5.) Times in milliseconds on a clock that does not jump.
 */
export class Breaker {
  private failures = 0;
  private openUntil: number | null = null;
  private pauseMs = FIRST_MS;
  private probe: object | null = null;

  state(now: number): BreakerState {
    if (this.openUntil === null) return 'closed';
    return now >= this.openUntil ? 'half-open' : 'open';
  }

  /** Milliseconds until a call may be made; 0: now; null: not before the probe that is under way has ended. */
  wait(now: number): number | null {
    if (this.openUntil === null) return 0;
    if (now < this.openUntil) return this.openUntil - now;
    return this.probe ? null : 0;
  }

  /** `call` is made; the same object tells later how it went. */
  enter(call: object): void {
    if (this.openUntil !== null) this.probe = call;
  }

  /** The provider answered, be it with a refusal. */
  answered(): void {
    this.failures = 0;
    this.openUntil = null;
    this.pauseMs = FIRST_MS;
    this.probe = null;
  }

  /** The provider could not be reached, or failed. */
  failed(call: object, now: number): void {
    this.failures++;
    if (this.openUntil === null) {
      if (this.failures >= FAILURES) this.openUntil = now + this.pauseMs;
      return;
    }
    // Calls that were under way when it opened say nothing new; only the probe does.
    if (call !== this.probe) return;
    this.probe = null;
    this.pauseMs = Math.min(LONGEST_MS, this.pauseMs * 2);
    this.openUntil = now + this.pauseMs;
  }

  /** `call` ended without saying anything about the provider (it was aborted). */
  left(call: object): void {
    if (call === this.probe) this.probe = null;
  }
}
