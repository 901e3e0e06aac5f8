import type { ProviderLimits } from '@flywheel/domain/provider';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import { FairQueue, type Waiter } from './fair-queue.ts';
import { TokenBucket } from './token-bucket.ts';

/** A server may ask for hours (a daily quota); so often it is asked whether it still means it. */
const LONGEST_HOLD_MS = 60_000;

/** How a call ended, as far as the provider is concerned. `none`: it says nothing (aborted). */
export type Outcome = 'answered' | 'rate-limited' | 'failed' | 'none';

export interface Entrance extends Waiter {
  /** Tokens that the call may use, at most. */
  tokens: number;
  /** Aborted, the place in the line is given up. */
  signal: AbortSignal;
}

/** A place at the provider; to be left exactly once. */
export interface Pass {
  /** Milliseconds that were waited for it. */
  waitedMs: number;
  /** `used`: tokens that it took after all; `retryAfterMs`: how long the server asked everyone to wait. */
  leave(outcome: Outcome, detail?: { used?: number; retryAfterMs?: number | null }): void;
}

export interface Flight {
  now: number;
  limit: number;
  waiting: number;
  breaker: BreakerState;
}

interface Waiting extends Entrance {
  since: number;
  admit(pass: Pass): void;
}

/** A clock that does not jump, in milliseconds, and its timers. */
export interface Clock {
  now(): number;
  after(ms: number, act: () => void): () => void;
}

export const monotonic: Clock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The one door to a provider: owns how many calls are in flight, how fast they may come, whose turn it is, and whether the
 * provider is given a rest. Does not own what is called, nor whether a call is tried again.
 */
export class Gate {
  private readonly clock: Clock;
  private readonly limit: AdaptiveLimit;
  private readonly breaker = new Breaker();
  private readonly queue = new FairQueue<Waiting>();
  private limits: ProviderLimits;
  private requests: TokenBucket;
  private tokens: TokenBucket;
  private inFlight = 0;
  /** Until then the server asked everyone to wait. */
  private heldUntil = 0;
  private cancelTimer: (() => void) | null = null;

  constructor(limits: ProviderLimits, clock: Clock = monotonic) {
    this.clock = clock;
    this.limits = limits;
    this.limit = new AdaptiveLimit(limits.concurrency);
    this.requests = new TokenBucket(limits.requestsPerMinute, clock.now());
    this.tokens = new TokenBucket(limits.tokensPerMinute, clock.now());
  }

  /** New limits hold for the calls that come. */
  configure(limits: ProviderLimits): void {
    const { requestsPerMinute, tokensPerMinute } = this.limits;
    const now = this.clock.now();
    this.limits = limits;
    this.limit.setMax(limits.concurrency);
    // A bucket begins full: one whose rate is as before keeps what it holds.
    if (limits.requestsPerMinute !== requestsPerMinute)
      this.requests = new TokenBucket(limits.requestsPerMinute, now);
    if (limits.tokensPerMinute !== tokensPerMinute)
      this.tokens = new TokenBucket(limits.tokensPerMinute, now);
    this.pump();
  }

  /** What is going on; with `caller`, its own calls, and the limit that holds for all. */
  flight(caller?: string): Flight {
    return {
      now: caller === undefined ? this.inFlight : this.queue.inFlight(caller),
      limit: this.limit.current,
      waiting: caller === undefined ? this.queue.waiting : this.queue.waitingOf(caller),
      breaker: this.breaker.state(this.clock.now()),
    };
  }

  /** Resolves when it is this call's turn. Rejects with the signal's reason when it is aborted first. */
  enter(entrance: Entrance): Promise<Pass> {
    return new Promise((resolve, reject) => {
      const { signal } = entrance;
      if (signal.aborted) return reject(signal.reason);
      const giveUp = (): void => {
        this.queue.remove(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        ...entrance,
        since: this.clock.now(),
        admit: (pass) => {
          signal.removeEventListener('abort', giveUp);
          resolve(pass);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.queue.add(waiting);
      this.pump();
    });
  }

  private pump(): void {
    while (this.inFlight < this.limit.current) {
      const next = this.queue.peek();
      if (!next) return;
      const wait = this.waitFor(next.tokens);
      if (wait === null) return;
      if (wait > 0) return this.pumpAfter(wait);
      this.queue.take(next);
      next.admit(this.passFor(next));
    }
  }

  /** Milliseconds until such a call may go; null: not before a call that is in flight has ended. */
  private waitFor(tokens: number): number | null {
    const now = this.clock.now();
    const rest = this.breaker.wait(now);
    if (rest === null) return null;
    return Math.max(rest, this.heldUntil - now, this.requests.wait(1, now), this.tokens.wait(tokens, now));
  }

  private pumpAfter(ms: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.clock.after(ms, () => {
      this.cancelTimer = null;
      this.pump();
    });
  }

  private passFor(call: Waiting): Pass {
    const now = this.clock.now();
    this.inFlight++;
    this.breaker.enter(call);
    this.requests.spend(1, now);
    this.tokens.spend(call.tokens, now);
    let left = false;
    return {
      waitedMs: now - call.since,
      leave: (outcome, { used, retryAfterMs } = {}) => {
        if (left) return;
        left = true;
        this.end(call, outcome, retryAfterMs ?? null);
        if (used !== undefined) this.tokens.spend(used - call.tokens, this.clock.now());
        this.queue.done(call.caller);
        this.pump();
      },
    };
  }

  private end(call: Waiting, outcome: Outcome, retryAfterMs: number | null): void {
    const now = this.clock.now();
    const before = this.inFlight--;
    if (outcome === 'answered') this.limit.answered(now, before);
    if (outcome === 'rate-limited') this.limit.complain(now);
    if (retryAfterMs !== null)
      this.heldUntil = Math.max(this.heldUntil, now + Math.min(retryAfterMs, LONGEST_HOLD_MS));
    if (outcome === 'failed') this.breaker.failed(call, now);
    else if (outcome === 'none') this.breaker.left(call);
    else this.breaker.answered();
  }
}
