import type { RunSummary } from '@flywheel/domain/run';
import { nextWake } from './run-watch.ts';

export interface RunEventRecord {
  id: string;
  run: RunSummary;
}

/**
 * The newest summary of every run that changed since the process began, numbered in order of change.
 * A reader that comes back with the last id it saw gets each run that changed since, once; an id from an
 * earlier process gets them all. So nobody misses an end state, and nothing grows with the number of events.
 */
export class RunEvents {
  private readonly epoch: string;
  private counter = 0;
  private readonly latest = new Map<number, { order: number; run: RunSummary }>();
  private readonly waiting = new Set<() => void>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  publish(run: RunSummary): void {
    this.latest.set(run.id, { order: ++this.counter, run });
    for (const wake of [...this.waiting]) wake();
  }

  /** What changed after `lastId`, then what changes, until `signal` aborts. */
  async *since(lastId: string | null, signal?: AbortSignal): AsyncGenerator<RunEventRecord> {
    let seen = this.order(lastId);
    while (!signal?.aborted) {
      const fresh = [...this.latest.values()].filter((e) => e.order > seen).sort((a, b) => a.order - b.order);
      for (const { order, run } of fresh) {
        seen = Math.max(seen, order);
        yield { id: `${this.epoch}-${order}`, run };
        if (signal?.aborted) return;
      }
      if (this.counter === seen) await nextWake(this.waiting, signal);
    }
  }

  private order(id: string | null): number {
    if (!id?.startsWith(`${this.epoch}-`)) return 0;
    const order = Number(id.slice(this.epoch.length + 1));
    return Number.isSafeInteger(order) && order <= this.counter ? order : 0;
  }
}
