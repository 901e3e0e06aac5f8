import type { LocalExecutor, RanOn } from '@flywheel/domain/local-run';
import type { LocalAnswer, LocalTask } from '@flywheel/domain/local-task';
import type { ItemResult } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import type { LeasedItem } from '../item-source.ts';

/** Who takes leases: a thread of the server, or a tab. */
export interface Worker {
  /** Its own, e.g. a random id of the tab. */
  id: string;
  ranOn: RanOn;
}

/** Items that one worker does, and nobody else until it ends. */
export interface Lease {
  id: string;
  tasks: LocalTask[];
  /** Milliseconds from now until it ends, unless it is renewed. */
  ttl: number;
}

/** `wait`: nothing is left to take now, but what others have may come back. `over`: the run takes no more work. */
export type Taken = { kind: 'lease'; lease: Lease } | { kind: 'wait' } | { kind: 'over' };

/** Where a worker gets its work: the desk itself in the server's process, or a client of it in a tab. */
export interface LeasePort {
  take(worker: Worker, most: number): Promise<Taken>;
  /** false: the lease has ended, and its items went to others. */
  renew(lease: string): Promise<boolean>;
  /** One answer a task, in order. A lease that has ended meanwhile: what others have not done yet is kept. */
  report(lease: string, answers: LocalAnswer[]): Promise<void>;
  /** Gives the items back. `why`: what failed; null: the worker leaves. */
  giveBack(lease: string, why: string | null): Promise<void>;
}

/** What a kind of run makes of its traces and of a model's answers. */
export interface LocalWork {
  executor: LocalExecutor;
  /** null: there is nothing to ask of this trace (it is not applicable). */
  task(trace: TraceText): LocalTask | null;
  result(item: LeasedItem, trace: TraceText, answer: LocalAnswer, ranOn: RanOn): ItemResult;
}
