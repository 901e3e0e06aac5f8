import { parentPort, workerData } from 'node:worker_threads';
import { FullText } from './full-text.ts';
import type { Reply, Request } from './search.ts';

const index = new FullText(workerData.path as string);

/** Additions that nobody follows up are kept after this many milliseconds. */
const IDLE = 300;
let idle: ReturnType<typeof setTimeout> | undefined;
let failure: string | null = null;

const answer = (request: Request): Reply['value'] | void => {
  switch (request.kind) {
    case 'link':
      return index.link(request.problems);
    case 'add':
      return index.add(request.batch);
    case 'addRationales':
      return index.addRationales(request.rows);
    case 'find':
      return index.find(request.leaf);
    case 'watermark':
      return index.watermark();
    case 'close':
      return index.close();
  }
};

/** One word a turn, so that whoever asks meanwhile waits for one at most. */
const warm = (): void => {
  if (guarded(() => index.warm()))
    idle = setTimeout(() => {
      try {
        warm();
      } catch {
        // Told to whoever asks next.
      }
    }, 0);
};

const guarded = <T>(work: () => T): T => {
  // After a failure the rows above the watermark are lost: answers would be wrong until the index is opened anew.
  if (failure !== null) throw new Error(failure);
  try {
    return work();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    throw error;
  }
};

parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
  clearTimeout(idle);
  try {
    parentPort?.postMessage({ id, value: guarded(() => answer(request)) ?? undefined } as Reply);
    if (request.kind !== 'close')
      idle = setTimeout(() => {
        try {
          guarded(() => index.commit());
          warm();
        } catch {
          // Told to whoever asks next.
        }
      }, IDLE);
  } catch (error) {
    parentPort?.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies Reply);
  }
});
