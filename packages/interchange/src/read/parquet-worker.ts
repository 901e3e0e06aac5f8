import { parentPort, workerData } from 'node:worker_threads';
import { parquetBlocks } from './parquet.ts';

/** Blocks that may be under way before the reader asks for more. */
const AHEAD = 3;

let credit = AHEAD;
let wake: () => void = () => undefined;
parentPort?.on('message', () => {
  credit++;
  wake();
});

for await (const read of parquetBlocks((workerData as { path: string }).path)) {
  const { bytes, ends, lines } = read.block;
  parentPort?.postMessage(read, [bytes.buffer, ends.buffer, lines.buffer]);
  credit--;
  if (credit === 0)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
}
parentPort?.close();
