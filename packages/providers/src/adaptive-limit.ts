const START = 20;
const CUT = 0.8;
const COOLDOWN_MS = 15_000;

/** A round trip of answers without a complaint makes so many times as many calls. */
const GROWTH = 3;

/**
 * How many calls may be in flight at once. Begins at 20 (or the maximum, when lower) and rises by two for each answer as long
 * as no server ever complained, which triples it each round trip; after a first complaint by one a round trip. A burst of
 * complaints cuts it once, to four fifths, and holds it for 15 s; the first that comes before the maximum was reached takes
 * it back by a whole round trip, to what was borne. (TCP's slow start and congestion avoidance, Jacobson 1988, with a steeper
 * start, since a model's round trip takes seconds, and the milder cut and longer memory that rate limits want.) Times in
 * milliseconds on a clock that does not jump.
 */
export class AdaptiveLimit {
  private max: number;
  private value: number;
  private complained = false;
  private heldUntil = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.max = max;
    this.value = Math.min(START, max);
  }

  get current(): number {
    return Math.floor(this.value);
  }

  /** A new maximum holds at once. */
  setMax(max: number): void {
    this.max = max;
    this.value = Math.max(1, Math.min(this.value, max));
  }

  /** An answer came; `inFlight`: calls while it did. A limit that is not used up says nothing about a higher one. */
  answered(now: number, inFlight: number): void {
    if (now < this.heldUntil || inFlight < this.current * 0.8) return;
    this.value = Math.min(this.max, this.value + (this.complained ? 1 / this.value : GROWTH - 1));
  }

  /** The server complained about the rate. Returns whether this cut the limit. */
  complain(now: number): boolean {
    const rising = !this.complained && this.value < this.max;
    this.complained = true;
    if (now < this.heldUntil) return false;
    this.heldUntil = now + COOLDOWN_MS;
    const borne = Math.max(START * CUT, this.value / GROWTH);
    this.value = Math.max(1, Math.min(this.value * CUT, rising ? borne : Number.POSITIVE_INFINITY));
    return true;
  }
}
