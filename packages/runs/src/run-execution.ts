import type { RunId } from '@flywheel/domain/ids';
import { type RunEvent, type RunSummary, transition } from '@flywheel/domain/run';
import { RunError, type Stopped } from './run-error.ts';
import type { RunEvents } from './run-events.ts';
import { atMostEvery, type Counts, type Place, RunProgress } from './run-progress.ts';
import { recounted, saveRun } from './run-record.ts';
import type { RunConfig, RunStore } from './run-store.ts';

export interface JobContext {
  id: RunId;
  config: RunConfig;
  /** Aborted by cancel and by shutdown: stop within a second. */
  signal: AbortSignal;
  /** Whether a pause was asked for: finish what is in hand, keep it, and return. */
  pausing(): boolean;
  /** Counts so far; `place` drives rate and ETA where the counts do not (bytes of a file). */
  report(counts: Counts, place?: Place): void;
}

/** The work of one kind of run. Must be safe to call again after a kill: what is done already is not done twice. */
export type JobHandler = (job: JobContext) => Promise<RunSummary['result']>;

/** A run that this process has queued or is working on. */
export interface Entry {
  run: RunSummary;
  phase: 'queued' | 'running' | 'over';
  pausing: boolean;
  readonly controller: AbortController;
  finished: Promise<void>;
}

export interface ExecutionPorts {
  store: RunStore;
  /** The work of each kind; what is not here cannot be run by this process. */
  handlers: Partial<Record<RunSummary['kind'], JobHandler>>;
  events: RunEvents;
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
 */
export const executeRun = async (entry: Entry, ports: ExecutionPorts): Promise<void> => {
  const { store, events } = ports;
  // From here on, with no await before it, cancel and pause go through the controller.
  entry.phase = 'running';
  const id = entry.run.id as RunId;
  const { signal } = entry.controller;
  const state = transition(entry.run.state, 'start');
  entry.run = { ...entry.run, state, startedAt: Date.now(), endedAt: null, error: null };
  await saveRun(store, entry.run);
  events.publish(entry.run);
  const config = (await store.get(id))?.config ?? {};
  const progress = new RunProgress();
  let saving: Promise<unknown> = Promise.resolve();
  const publishing = atMostEvery(PUBLISH_MS, () => events.publish(entry.run));
  const persisting = atMostEvery(PERSIST_MS, () => {
    const { total, done, failed, skipped } = entry.run;
    // A count that could not be saved is counted anew from the results.
    saving = saving.then(() => store.update(id, { total, done, failed, skipped })).catch(() => undefined);
  });
  const report: JobContext['report'] = (counts, place) => {
    entry.run = progress.next(entry.run, Date.now(), counts, place);
    publishing.soon();
    persisting.soon();
  };
  const job: JobContext = { id, config, signal, report, pausing: () => entry.pausing };
  const { event, error, result } = await work(entry, job, ports);
  publishing.stop();
  persisting.stop();
  await saving;
  if (signal.aborted && (signal.reason as Stopped).why === 'close') return;
  const last = await recounted(store, {
    ...entry.run,
    state: transition(entry.run.state, event),
    error,
    result,
    endedAt: event === 'pause' ? null : Date.now(),
  });
  await saveRun(store, last);
  entry.run = last;
  entry.phase = 'over';
  events.publish(last);
};

const work = async (entry: Entry, job: JobContext, ports: ExecutionPorts): Promise<Ending> => {
  try {
    const handle = ports.handlers[entry.run.kind];
    if (!handle) throw new RunError(`Nothing here can do a run of kind ${entry.run.kind}.`);
    const result = await handle(job);
    return { event: await endingOf(entry, ports.store), error: null, result };
  } catch (error) {
    const { result } = entry.run;
    if (job.signal.aborted) return { event: 'cancel', error: null, result };
    const { message, unforeseen } = (ports.explain ?? plainly)(error);
    if (unforeseen) console.error(`run ${job.id} failed:`, error);
    return { event: 'fail', error: message, result };
  }
};

/** What a handler's return means: a pause that came when nothing was left to do paused nothing. */
const endingOf = async (entry: Entry, store: RunStore): Promise<RunEvent> => {
  if (entry.controller.signal.aborted) return 'cancel';
  if (!entry.pausing) return 'succeed';
  const left = await store.missing(entry.run.id as RunId, 1);
  return left.length > 0 ? 'pause' : 'succeed';
};

const plainly = (error: unknown): { message: string; unforeseen: boolean } => ({
  message: error instanceof Error ? error.message : String(error),
  unforeseen: true,
});
