import { RunId } from '@flywheel/domain/ids';
import { asksModel, isOver, type RunSummary } from '@flywheel/domain/run';
import type { RunLive } from '@flywheel/domain/run-live';
import { useEffect, useState } from 'react';
import { client } from '../../app/trpc.ts';

export type Pulse = Extract<RunLive, { type: 'pulse' }>;
type Told = Exclude<RunLive, { type: 'pulse' }>;
/** What was told, numbered as it came: two tellings may be alike. */
export type LogLine = Told & { order: number };

/** What is kept on the page of a run's telling; the results themselves are in the store. */
const PULSES = 600;
const LINES = 400;

export interface Watched {
  pulses: readonly Pulse[];
  /** Newest first. */
  lines: readonly LogLine[];
}

/** Adds what was told to what is kept. Pure. */
export const heard = (watched: Watched, told: readonly RunLive[]): Watched => {
  const next = (watched.lines[0]?.order ?? -1) + 1;
  const fresh = told
    .filter((t): t is Told => t.type !== 'pulse')
    .map((t, i): LogLine => ({ ...t, order: next + i }));
  return {
    pulses: [...watched.pulses, ...told.filter((t): t is Pulse => t.type === 'pulse')].slice(-PULSES),
    lines: [...fresh.reverse(), ...watched.lines].slice(0, LINES),
  };
};

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
