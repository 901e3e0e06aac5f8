import type { RunId } from '@flywheel/domain/ids';
import { type RunEvent, type RunSummary, transition } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import { Held, RunError, Stopped } from './run-error.ts';
import type { RunEvents } from './run-events.ts';
import type { JobContext, RunHandler } from './run-handler.ts';
import { atMostEvery, RunProgress } from './run-progress.ts';
import { recounted, saveRun } from './run-record.ts';
import type { RunStore } from './run-store.ts';
import type { RunWatch } from './run-watch.ts';

/** A run that this process has queued or is working on. */
export interface Entry {
  run: RunSummary;
  phase: 'queued' | 'running' | 'over';
  /** Aborted to stop the work. */
  readonly controller: AbortController;
  /** Aborted to let it stand still; also whenever the work is stopped. */
  readonly holding: AbortController;
  readonly retrying: boolean;
  /** Items came in while it worked: it must not end before it has looked for them. */
  more: boolean;
  config: RunConfig;
  finished: Promise<void>;
}

export interface ExecutionPorts {
  store: RunStore;
  /** The work of each kind; what is not here cannot be run by this process. */
  handlers: Partial<Record<RunSummary['kind'], RunHandler>>;
  events: RunEvents;
  watch: RunWatch;
  /** What a run's `error` says of a failure; an unforeseen one is logged in full. */
  explain?: (error: unknown) => { message: string; unforeseen: boolean };
}

interface Ending {
  event: RunEvent;
  error: string | null;
  result: RunSummary['result'];
}

const PUBLISH_MS = 150;
const PERSIST_MS = 2_000;

/**
 * Takes a queued run through its handler to the state in which that leaves it: tells its progress, saves its counts,
 * records its end. Closed meanwhile, it stays `running` in the store, and goes on at the next start.
 *
 * @returns whether what the run came to could be stored; if not, `entry.run` says why
 */
export const executeRun = async (entry: Entry, ports: ExecutionPorts): Promise<boolean> => {
  const { store, events } = ports;
  // From here on, with no await before it, cancel and pause go through the controllers.
  entry.phase = 'running';
  const { signal } = entry.controller;
  const state = transition(entry.run.state, 'start');
  entry.run = { ...entry.run, state, startedAt: Date.now(), endedAt: null, error: null };
  events.publish(entry.run);
  const { event, error, result } = await work(entry, ports);
  if (signal.aborted && (signal.reason as Stopped).why === 'close') return true;
  const last: RunSummary = {
    ...entry.run,
    state: transition(entry.run.state, event),
    error,
    result,
    flight: null,
    endedAt: event === 'pause' ? null : Date.now(),
  };
  let stored = true;
  try {
    entry.run = await recounted(ports, last);
    await saveRun(store, entry.run);
  } catch (cause) {
    stored = false;
    console.error(`run ${last.id}: its state could not be stored:`, cause);
    const why = `What the run came to could not be stored (${messageOf(cause)}). Its kept results are safe: mend that, and resume it.`;
    entry.run = { ...last, state: 'failed', error: last.error ?? why };
  }
  entry.phase = 'over';
  events.publish(entry.run);
  return stored;
};

const work = async (entry: Entry, ports: ExecutionPorts): Promise<Ending> => {
  const { store, events } = ports;
  const id = entry.run.id as RunId;
  const { signal } = entry.controller;
  const progress = new RunProgress(performance.now());
  let saving: Promise<unknown> = Promise.resolve();
  const publishing = atMostEvery(PUBLISH_MS, () => events.publish(entry.run));
  const persisting = atMostEvery(PERSIST_MS, () => {
    const { total, done, failed, skipped, spend, result } = entry.run;
    // A count that could not be saved is counted anew from the results.
    saving = saving
      .then(() => store.update(id, { total, done, failed, skipped, spend, result }))
      .catch(() => undefined);
  });
  let over = false;
  const job: JobContext = {
    id,
    config: entry.config,
    signal,
    hold: entry.holding.signal,
    retrying: entry.retrying,
    report: (counts, place) => {
      // What a handler still says behind its end would be shown as if the run worked.
      if (over) return;
      entry.run = progress.next(entry.run, performance.now(), counts, place);
      publishing.soon();
      persisting.soon();
    },
    tell: (live) => ports.watch.tell(id, live),
  };
  try {
    await saveRun(store, entry.run);
    const handler = ports.handlers[entry.run.kind];
    if (!handler) throw new RunError(`Nothing here can do a run of kind ${entry.run.kind}.`);
    const result = await handler.work(job);
    return { event: await endingOf(entry, store, handler.itemwise), error: null, result };
  } catch (error) {
    const { result } = entry.run;
    if (signal.aborted) return { event: 'cancel', error: null, result };
    if (error instanceof Stopped && error.why === 'pause') return { event: 'pause', error: null, result };
    if (error instanceof Held) return { event: 'pause', error: error.message, result };
    const { message, unforeseen } = (ports.explain ?? plainly)(error);
    if (unforeseen) console.error(`run ${id} failed:`, error);
    return { event: 'fail', error: message, result };
  } finally {
    over = true;
    publishing.stop();
    persisting.stop();
    await saving;
  }
};

/** What a handler's return means: a pause that came when nothing was left to do paused nothing. */
const endingOf = async (entry: Entry, store: RunStore, itemwise: boolean): Promise<RunEvent> => {
  if (entry.controller.signal.aborted) return 'cancel';
  if (!entry.holding.signal.aborted || !itemwise) return 'succeed';
  const left = await store.missing(entry.run.id as RunId, 1);
  return left.length > 0 ? 'pause' : 'succeed';
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A failure in its own words. */
export const plainly = (error: unknown): { message: string; unforeseen: boolean } => ({
  message: messageOf(error),
  unforeseen: true,
});
