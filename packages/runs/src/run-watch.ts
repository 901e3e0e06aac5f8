import type { RunLive } from '@flywheel/domain/run-live';

const KEPT_RECORDS = 1_200;
const KEPT_RUNS = 30;

export interface RunLiveRecord {
  id: string;
  live: RunLive;
}

interface Channel {
  /** Number of the first record that is still kept. */
  first: number;
  records: RunLive[];
  waiting: Set<() => void>;
}

/**
 * The last records that each run told, numbered within the run, in memory: after a restart a run begins anew, and what
 * it came to is in the store. A reader that comes back with its last id goes on behind it, without gap or repeat as
 * long as the record is kept.
 */
export class RunWatch {
  private readonly epoch: string;
  private readonly channels = new Map<number, Channel>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  tell(run: number, live: RunLive): void {
    const channel = this.channel(run);
    channel.records.push(live);
    // Cut now and then, not at every record.
    if (channel.records.length > 2 * KEPT_RECORDS) {
      const gone = channel.records.length - KEPT_RECORDS;
      channel.records.splice(0, gone);
      channel.first += gone;
    }
    for (const wake of [...channel.waiting]) wake();
  }

  /** What was told after `lastId` and is still kept, in order, then what is told, until `signal` aborts; in batches. */
  async *since(run: number, lastId: string | null, signal?: AbortSignal): AsyncGenerator<RunLiveRecord[]> {
    const channel = this.channel(run);
    let next = this.after(lastId);
    while (!signal?.aborted) {
      const from = Math.max(next, channel.first);
      const fresh = channel.records.slice(from - channel.first);
      next = from + fresh.length;
      if (fresh.length > 0) yield fresh.map((live, i) => ({ id: `${this.epoch}-${from + i}`, live }));
      else await nextWake(channel.waiting, signal);
    }
  }

  private after(id: string | null): number {
    const number = id?.startsWith(`${this.epoch}-`) ? Number(id.slice(this.epoch.length + 1)) : Number.NaN;
    return Number.isSafeInteger(number) ? number + 1 : 0;
  }

  private channel(run: number): Channel {
    const known = this.channels.get(run);
    if (known) return known;
    const channel: Channel = { first: 0, records: [], waiting: new Set() };
    this.channels.set(run, channel);
    if (this.channels.size > KEPT_RUNS) {
      const oldest = [...this.channels].find(([id, c]) => id !== run && c.waiting.size === 0);
      if (oldest) this.channels.delete(oldest[0]);
    }
    return channel;
  }
}

/** Resolves at the next wake, or when `signal` aborts. */
export const nextWake = (waiting: Set<() => void>, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal?.addEventListener('abort', wake);
    if (signal?.aborted) wake();
  });
