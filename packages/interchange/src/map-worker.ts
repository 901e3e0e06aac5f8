import { parentPort, workerData } from 'node:worker_threads';
import { mapBlock } from './map-block.ts';
import type { Mapping } from './mapping.ts';
import type { Block } from './read/block.ts';

const { mapping } = workerData as { mapping: Mapping };

parentPort?.on('message', ({ block, file }: { block: Block; file: string }) => {
  parentPort?.postMessage(mapBlock(block, mapping, file));
});
