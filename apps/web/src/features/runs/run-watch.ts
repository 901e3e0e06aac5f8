import { RunId } from '@flywheel/domain/ids';
import { asksModel, isOver, type RunSummary } from '@flywheel/domain/run';
import type { RunLive } from '@flywheel/domain/run-live';
import { useEffect, useState } from 'react';
import { client } from '../../app/trpc.ts';

export type Pulse = Extract<RunLive, { type: 'pulse' }>;
export type LogLine = Exclude<RunLive, { type: 'pulse' }>;

/** What is kept on the page of a run's telling; the results themselves are in the store. */
const PULSES = 600;
const LINES = 400;

export interface Watched {
  pulses: readonly Pulse[];
  /** Newest first. */
  lines: readonly LogLine[];
}

/** Adds what was told to what is kept. Pure. */
export const heard = (watched: Watched, told: readonly RunLive[]): Watched => ({
  pulses: [...watched.pulses, ...told.filter((t): t is Pulse => t.type === 'pulse')].slice(-PULSES),
  lines: [...told.filter((t): t is LogLine => t.type !== 'pulse').reverse(), ...watched.lines].slice(
    0,
    LINES,
  ),
});

const NOTHING: Watched = { pulses: [], lines: [] };

/** What a run that asks a model tells as it works. After a cut the stream goes on behind the last record. */
export const useRunWatch = (run: RunSummary): Watched => {
  const [watched, setWatched] = useState<Watched>(NOTHING);
  const listen = asksModel(run.kind) && (!isOver(run.state) || run.startedAt !== null);
  useEffect(() => {
    setWatched(NOTHING);
    if (!listen) return;
    const stream = client.runs.watch.subscribe(
      { id: RunId.parse(run.id) },
      { onData: ({ data }) => setWatched((was) => heard(was, data)) },
    );
    return () => stream.unsubscribe();
  }, [run.id, listen]);
  return watched;
};
