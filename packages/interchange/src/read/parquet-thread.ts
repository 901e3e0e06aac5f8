import { on } from 'node:events';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { parquetBlocks, type ReadBlock } from './parquet.ts';

/** Files that are decoded before a thread would have started. */
const SMALL = 1 << 20;

/** {@link parquetBlocks} that leaves the caller's thread free: larger files are decoded in a thread of their own. */
export async function* readParquet(path: string, signal?: AbortSignal): AsyncGenerator<ReadBlock> {
  if ((await stat(path)).size < SMALL) return yield* parquetBlocks(path);
  const worker = new Worker(new URL('./parquet-worker.ts', import.meta.url), { workerData: { path } });
  try {
    for await (const [read] of on(worker, 'message', { close: ['exit'], ...(signal && { signal }) })) {
      worker.postMessage('next');
      yield read as ReadBlock;
    }
  } finally {
    await worker.terminate();
  }
}
