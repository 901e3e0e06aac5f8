import type { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import type { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { endOf, isLookedAt } from './run-ends.ts';
import { notify } from './toasts.ts';
import { client } from './trpc.ts';
import { noteEnd } from './unseen.ts';

/**
 * How the server answers: `reconnecting` once a stream that was open has broken; `locked` when the server does not know
 * this browser's session, as after it was started anew.
 */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'locked';

interface LiveRuns {
  /** By id; null until the list has arrived. */
  runs: ReadonlyMap<number, RunSummary> | null;
  connection: Connection;
  /** Why the list could not be read. */
  error: Error | null;
}

export const useLiveRuns = create<LiveRuns>()(() => ({ runs: null, connection: 'connecting', error: null }));

/** Newest first. */
export const runsNewestFirst = (runs: ReadonlyMap<number, RunSummary>): RunSummary[] =>
  [...runs.values()].sort((a, b) => b.id - a.id);

/** How often the stream has told of each run. */
const heard = new Map<number, number>();

const noteRun = (run: RunSummary): void =>
  useLiveRuns.setState(({ runs }) => ({ runs: new Map(runs).set(run.id, run) }));

/**
 * Asks the server to begin or change a run, and shows the run that it answers with at once. Where the stream has told of that run
 * meanwhile, the answer is the older of the two and is not shown.
 */
export const askForRun = async (ask: () => Promise<RunSummary>): Promise<RunSummary> => {
  const before = new Map(heard);
  const run = await ask();
  if (heard.get(run.id) === before.get(run.id)) noteRun(run);
  return run;
};

/** Runs that this page has asked to cancel: of their end nothing is said. */
const cancelling = new Set<number>();

/** Cancels a run; the end of it is no news to this page. */
export const cancelRun = async (id: RunId): Promise<RunSummary> => {
  cancelling.add(id);
  try {
    return await askForRun(() => client.runs.cancel.mutate({ id }));
  } finally {
    cancelling.delete(id);
  }
};

const tellEnd = (before: RunSummary, now: RunSummary): void => {
  const end = endOf(before, now);
  if (end === null) return;
  noteEnd();
  if (!cancelling.has(now.id) && !isLookedAt(now.id)) notify(end);
};

/** How many runs the server lists, the newest: older ones are read by themselves. */
export const LISTED_RUNS = 500;

/** Reads a run that is not listed; null where there is none. */
export const loadRun = async (id: RunId): Promise<RunSummary | null> => {
  const run = await client.runs.get.query({ id });
  if (run && !useLiveRuns.getState().runs?.has(id)) noteRun(run);
  return run;
};

/** Reads the list again, as after an error. */
export const loadRuns = async (): Promise<void> => {
  try {
    const listed = await client.runs.list.query();
    useLiveRuns.setState(({ runs }) => ({
      error: null,
      // What the stream has said meanwhile is newer than the list.
      runs: new Map([...listed.map((run) => [run.id, run] as const), ...(runs ?? [])]),
    }));
  } catch (error) {
    useLiveRuns.setState({ error: error instanceof Error ? error : new Error(String(error)) });
  }
};

/** A sitting and an editor's result hold their own state; everything else may show what a run has changed. */
const KEEPS_ITS_OWN = new Set(['review', 'sql']);

const AGAIN_MS = 2_000;

/** Follows every run over the page's one stream of events. A run that ends renews what other rooms show. */
export const followRuns = (queries: QueryClient): (() => void) => {
  const renew = (): void =>
    void queries.invalidateQueries({ predicate: ({ queryKey }) => !KEEPS_ITS_OWN.has(String(queryKey[0])) });
  let stream: { unsubscribe: () => void };
  let again: ReturnType<typeof setTimeout> | undefined;
  const broken = (): void => {
    if (useLiveRuns.getState().connection === 'connected')
      useLiveRuns.setState({ connection: 'reconnecting' });
  };
  const askWhy = async (): Promise<void> => {
    const answer = await fetch('/trpc/workspace.info').catch(() => null);
    useLiveRuns.setState({ connection: answer?.status === 401 ? 'locked' : 'reconnecting' });
  };
  const open = (): void => {
    stream = client.runs.events.subscribe(undefined, {
      onData: ({ data: run }) => {
        const before = useLiveRuns.getState().runs?.get(run.id);
        heard.set(run.id, (heard.get(run.id) ?? 0) + 1);
        noteRun(run);
        if (before) tellEnd(before, run);
        const ended = before !== undefined && !isOver(before.state) && isOver(run.state);
        if (ended && run.kind !== 'export') renew();
      },
      onConnectionStateChange: ({ state }) => {
        if (state === 'connecting') return broken();
        if (state !== 'pending') return;
        const back = useLiveRuns.getState().connection !== 'connecting';
        useLiveRuns.setState({ connection: 'connected' });
        void loadRuns();
        if (back) renew();
      },
      // The link goes on by itself after a cut, but gives up on an answer that is no stream (a proxy's 502).
      onError: () => {
        void askWhy();
        again = setTimeout(open, AGAIN_MS);
      },
    });
  };
  open();
  return () => {
    clearTimeout(again);
    stream.unsubscribe();
  };
};
