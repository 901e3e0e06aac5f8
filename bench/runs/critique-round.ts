import type { RunId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Workspace } from '@flywheel/server/workspace';
import { type Measured, measure } from './measure.ts';
import { freshHome, launchOf } from './prepared-home.ts';

/** Between two questions of the user who looks on, in milliseconds. */
const LOOK_MS = 250;

export interface CritiqueRound extends Measured {
  items: number;
  /** Milliseconds that each facet query meanwhile took. */
  facets: number[];
}

/** Asks for facets again and again until `stop`, as an open Samples screen does. */
const lookOn = async (workspace: Workspace, stop: AbortSignal): Promise<number[]> => {
  const times: number[] = [];
  while (!stop.aborted) {
    const began = performance.now();
    await workspace.store.traces.facets(requireQuery('outcome:wrong'));
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return times;
};

/** One critique run in a fresh home, every result stored, from the launch to its end; `watched`: while a user looks on. */
export const critiqueRound = async (
  name: string,
  url: string,
  query: string,
  repetitions: number,
  watched = false,
): Promise<CritiqueRound> => {
  const { workspace } = await freshHome(name, url);
  const looked = new AbortController();
  let looking: Promise<number[]> = Promise.resolve([]);
  let items = 0;
  const measured = await measure(async () => {
    const run = await workspace.launches.launch(launchOf(query, repetitions));
    if (watched) looking = lookOn(workspace, looked.signal);
    const ended = await workspace.runs.wait(run.id as RunId);
    if (ended.state !== 'succeeded' || ended.done !== run.total)
      throw new Error(`The run ended ${ended.state}, ${ended.done} of ${run.total} done: ${ended.error}`);
    items = ended.done;
  });
  looked.abort();
  const facets = await looking;
  await workspace.close();
  return { ...measured, items, facets };
};

/** The same items launched again: every answer is kept. Items a second, the best of `rounds`. */
export const cachedRate = async (url: string, query: string, rounds: number): Promise<number> => {
  const { workspace } = await freshHome('cached', url);
  const once = async (): Promise<number> => {
    const began = performance.now();
    const { id } = await workspace.launches.launch(launchOf(query, 1));
    const { done } = await workspace.runs.wait(id as RunId);
    return done / ((performance.now() - began) / 1000);
  };
  await once();
  const rates: number[] = [];
  for (let i = 0; i < rounds; i++) rates.push(await once());
  await workspace.close();
  return Math.max(...rates);
};
