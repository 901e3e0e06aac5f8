import { parentPort, workerData } from 'node:worker_threads';
import { FullText } from './full-text.ts';
import type { Reply, Request } from './search.ts';

const index = new FullText(workerData.path as string);

const answer = (request: Request): Reply['value'] | void => {
  switch (request.kind) {
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

parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
  try {
    parentPort?.postMessage({ id, value: answer(request) ?? undefined } as Reply);
  } catch (error) {
    parentPort?.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies Reply);
  }
});
