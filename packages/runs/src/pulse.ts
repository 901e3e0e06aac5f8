import type { RunLive } from '@flywheel/domain/run-live';

/** Calls at the model, the limit that holds, and calls that wait for a place. */
export interface Flight {
  now: number;
  limit: number;
  waiting: number;
}

/** Gathers what ended since the last pulse, for a run's plot of throughput and latency. */
export class Pulse {
  private ended = 0;
  private failed = 0;
  private latencies: number[] = [];
  private last: number;

  constructor(now: number) {
    this.last = now;
  }

  /** `modelMs`: of an item that asked the model; null for one from the cache. */
  end(failed: boolean, modelMs: number | null): void {
    this.ended++;
    if (failed) this.failed++;
    if (modelMs !== null) this.latencies.push(modelMs);
  }

  /** `now` on a clock that does not jump, `at` as the record's time; both in milliseconds. */
  beat(now: number, at: number, flight: Flight): RunLive {
    const seconds = Math.max(0.001, (now - this.last) / 1_000);
    const sorted = Float64Array.from(this.latencies).sort();
    const quantile = (q: number): number | null => sorted[Math.floor(q * (sorted.length - 1))] ?? null;
    const pulse: RunLive = {
      type: 'pulse',
      at,
      rate: this.ended / seconds,
      inFlight: flight.now,
      limit: flight.limit,
      waiting: flight.waiting,
      p50: quantile(0.5),
      p95: quantile(0.95),
      failed: this.failed,
    };
    this.last = now;
    this.ended = 0;
    this.failed = 0;
    this.latencies = [];
    return pulse;
  }
}
