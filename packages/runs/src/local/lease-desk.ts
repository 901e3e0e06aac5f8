import { randomUUID } from 'node:crypto';
import type { LocalAnswer, LocalTask } from '@flywheel/domain/local-task';
import type { ItemResult } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import type { LeasedItem } from '../item-source.ts';
import { RunError } from '../run-error.ts';
import type { LeasePort, LocalWork, Taken, Worker } from './local-ports.ts';

/** Milliseconds that a lease holds without word of its taker. A tab in the background may be slowed to one timer a minute. */
export const LEASE_MS = 90_000;
/** Workers that may fail over an item before it counts as failed itself. */
const TRIES = 3;
/** Tasks in one lease, at most. */
const MOST = 64;

interface DeskItem {
  item: LeasedItem;
  trace: TraceText;
  task: LocalTask;
}
interface Out {
  worker: Worker;
  items: DeskItem[];
  timer: NodeJS.Timeout;
  /** Its items went to others; what it may still report is kept where they have no result. */
  ended: boolean;
  /** Its answers are being kept: until that is done the run is not. */
  reporting: boolean;
}

export interface DeskPorts {
  source: { take(): Promise<LeasedItem | null>; giveBack(item: LeasedItem): void };
  work: Pick<LocalWork, 'task' | 'result'>;
  /** Keeps a result; an item that has one keeps the first. */
  keep(result: ItemResult): Promise<void>;
  /** Something was taken, done, or came back. */
  changed(): void;
  leaseMs?: number;
}

/**
 * Hands the items of one run out to workers, each to one at a time. A lease that is not renewed ends, and its items are handed
 * out again; so does one whose worker failed. An item over which workers failed before goes out alone, so that it takes no other
 * with it; after the third time it is itself the failure.
 */
export class LeaseDesk implements LeasePort {
  private readonly ports: DeskPorts;
  private readonly leaseMs: number;
  private readonly out = new Map<string, Out>();
  private readonly failures = new Map<string, { times: number; why: string }>();
  /** Items that failed a worker, to go out alone. */
  private readonly suspects: DeskItem[] = [];
  private open = true;

  constructor(ports: DeskPorts) {
    this.ports = ports;
    this.leaseMs = ports.leaseMs ?? LEASE_MS;
  }

  /** Items that workers have now. */
  get leased(): number {
    return this.current().reduce((n, { items }) => n + items.length, 0);
  }

  /** Workers that have a lease now. */
  get workers(): Worker[] {
    return [...new Map(this.current().map(({ worker }) => [worker.id, worker])).values()];
  }

  async take(worker: Worker, most: number): Promise<Taken> {
    if (!this.open) return { kind: 'over' };
    const items: DeskItem[] = [];
    const suspect = this.suspects.shift();
    if (suspect) items.push(suspect);
    else
      while (items.length < Math.min(most, MOST)) {
        const next = await this.next();
        if (!next) break;
        items.push(next);
      }
    // It may have closed while items were looked for: they have no result, and so are still to do.
    if (!this.open) return { kind: 'over' };
    if (items.length === 0) return { kind: 'wait' };
    const id = randomUUID();
    this.out.set(id, { worker, items, timer: this.timer(id), ended: false, reporting: false });
    this.ports.changed();
    return { kind: 'lease', lease: { id, tasks: items.map(({ task }) => task), ttl: this.leaseMs } };
  }

  async renew(lease: string): Promise<boolean> {
    const out = this.out.get(lease);
    if (!out || out.ended) return false;
    if (out.reporting) return true;
    clearTimeout(out.timer);
    out.timer = this.timer(lease);
    return true;
  }

  async report(lease: string, answers: LocalAnswer[]): Promise<void> {
    const out = this.out.get(lease);
    if (!out || out.reporting) return;
    if (answers.length !== out.items.length)
      throw new RunError(`The lease has ${out.items.length} tasks, but ${answers.length} answers came.`);
    clearTimeout(out.timer);
    out.reporting = true;
    try {
      for (const [i, { item, trace }] of out.items.entries())
        await this.ports.keep(
          this.ports.work.result(item, trace, answers[i] as LocalAnswer, out.worker.ranOn),
        );
    } finally {
      this.drop(lease);
    }
    this.ports.changed();
  }

  async giveBack(lease: string, why: string | null): Promise<void> {
    const out = this.out.get(lease);
    if (!out || out.reporting) return;
    this.drop(lease);
    if (!out.ended) await this.back(out.items, why);
  }

  /** Hands nothing out any more. What is out may still be reported. */
  close(): void {
    this.open = false;
  }

  /** Forgets what is out: nobody waits for it any more. */
  end(): void {
    this.close();
    for (const { timer } of this.out.values()) clearTimeout(timer);
    this.out.clear();
  }

  private current(): Out[] {
    return [...this.out.values()].filter(({ ended }) => !ended);
  }

  private async next(): Promise<DeskItem | null> {
    for (;;) {
      const item = await this.ports.source.take();
      if (!item) return null;
      const { seq, repetition, trace } = item;
      if (!trace) {
        await this.ports.keep({
          seq,
          repetition,
          state: 'failed',
          cause: 'trace-gone',
          error: 'The trace is gone.',
        });
        continue;
      }
      const task = this.ports.work.task(trace);
      if (task) return { item, trace, task };
      await this.ports.keep({ seq, repetition, state: 'not-applicable' });
    }
  }

  private timer(id: string): NodeJS.Timeout {
    return setTimeout(() => void this.expire(id), this.leaseMs);
  }

  private async expire(id: string): Promise<void> {
    const out = this.out.get(id);
    if (!out) return;
    out.ended = true;
    await this.back(out.items, 'Its worker was not heard of any more.');
  }

  /** Items of a lease that ended without answers. */
  private async back(items: readonly DeskItem[], why: string | null): Promise<void> {
    for (const own of items) {
      if (why === null) {
        this.ports.source.giveBack(own.item);
        continue;
      }
      const { seq, repetition } = own.item;
      const key = `${seq}.${repetition}`;
      const times = (this.failures.get(key)?.times ?? 0) + 1;
      this.failures.set(key, { times, why });
      if (times < TRIES) this.suspects.push(own);
      else
        await this.ports.keep({
          seq,
          repetition,
          state: 'failed',
          cause: 'judge-error',
          error: `The model failed over it ${times} times, the last time so: ${why}`,
        });
    }
    this.ports.changed();
  }

  private drop(lease: string): void {
    clearTimeout(this.out.get(lease)?.timer);
    this.out.delete(lease);
  }
}
