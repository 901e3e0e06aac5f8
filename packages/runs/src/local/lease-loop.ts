import type { LocalAnswer, LocalTask } from '@flywheel/domain/local-task';
import type { Lease, LeasePort, Worker } from './local-ports.ts';

/** What a worker needs; the same code on a thread of the server and in a tab. */
export interface LoopPorts {
  desk: LeasePort;
  worker: Worker;
  /** @throws when the model itself fails */
  perform(tasks: readonly LocalTask[], signal: AbortSignal): Promise<LocalAnswer[]>;
  /** Makes the model ready again after it failed. @throws when that cannot be done */
  restart(why: unknown): Promise<void>;
  /** Leave: what is in hand is given back. */
  signal: AbortSignal;
  /** Told of each lease that was done: its tasks, and how long they took in milliseconds. */
  onDone?: (tasks: number, ms: number) => void;
}

/** A lease should take about so long: short enough to lose little, long enough that handing over does not count. */
const TARGET_MS = 6_000;
const WAIT_MS = 1_000;

/**
 * Takes leases and does them until the run is over, or the worker is told to leave. A model that fails gives its lease back and
 * is made ready again; when it fails twice with nothing done in between, the worker gives up.
 *
 * @throws what made the model fail, or what made it impossible to reach the desk
 */
export const workOnLeases = async (ports: LoopPorts): Promise<void> => {
  const { desk, worker, signal } = ports;
  let most = 2;
  let failed = false;
  while (!signal.aborted) {
    const taken = await desk.take(worker, most);
    if (taken.kind === 'over') return;
    if (taken.kind === 'wait') {
      await pause(WAIT_MS, signal);
      continue;
    }
    const { lease } = taken;
    const began = performance.now();
    try {
      await done(lease, ports);
    } catch (error) {
      await desk.giveBack(lease.id, signal.aborted ? null : messageOf(error));
      if (signal.aborted) return;
      if (failed) throw error;
      failed = true;
      await ports.restart(error);
      continue;
    }
    failed = false;
    const ms = performance.now() - began;
    ports.onDone?.(lease.tasks.length, ms);
    if (lease.tasks.length === most || ms > TARGET_MS)
      most = Math.max(1, Math.round(most * Math.min(2, Math.max(0.25, TARGET_MS / ms))));
  }
};

/** Does a lease, and keeps it as long as that takes. */
const done = async (lease: Lease, { desk, perform, signal }: LoopPorts): Promise<void> => {
  const lost = new AbortController();
  const beat = setInterval(() => {
    desk.renew(lease.id).then(
      (held) => {
        if (!held) lost.abort();
      },
      // Whoever cannot be reached now may be reached at the next beat; the lease holds so long.
      () => undefined,
    );
  }, lease.ttl / 3);
  try {
    const stop = AbortSignal.any([signal, lost.signal]);
    const answers = await perform(lease.tasks, stop);
    await desk.report(lease.id, answers);
  } catch (error) {
    // The items went to others: this is no fault of the model.
    if (!lost.signal.aborted || signal.aborted) throw error;
  } finally {
    clearInterval(beat);
  }
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
