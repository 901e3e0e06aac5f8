import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type MappedBlock, mapBlock } from './map-block.ts';
import type { Mapping } from './mapping.ts';
import type { Block } from './read/block.ts';

interface Seat {
  worker: Worker;
  /** Who waits for the worker's next answers, in the order of the questions. */
  waiting: { resolve(mapped: MappedBlock): void; reject(error: unknown): void }[];
}

/** More threads than this only wait for the one that reads and writes. */
const MOST = 4;
/** Enough for blocks of records of 10 MB; without a limit a thread lets its garbage grow. */
const HEAP_MB = 1_024;
/** Blocks that are mapped where they are asked for: a small file is done before a thread has started. */
const AT_HOME = 8;
/** Blocks in the hands of each thread, or waiting for it: enough to work on while the one that reads also writes. */
const AHEAD = 8;

/** Maps blocks in worker threads, in turn. Keep at most {@link MapPool.window} answers outstanding. */
export class MapPool {
  private readonly mapping: Mapping;
  private readonly size: number;
  private readonly seats: Seat[] = [];
  private asked = 0;

  constructor(mapping: Mapping, size = Math.min(MOST, availableParallelism())) {
    this.mapping = mapping;
    this.size = size;
  }

  /** How many answers may be outstanding. */
  get window(): number {
    return AHEAD * this.size;
  }

  /** Takes the block's buffers over. @throws what mapping throws, or how the thread ended */
  async map(block: Block, file: string): Promise<MappedBlock> {
    const turn = this.asked++;
    if (turn < AT_HOME) return mapBlock(block, this.mapping, file);
    const seat = this.seats[turn % this.size] ?? this.seat();
    return new Promise((resolve, reject) => {
      seat.waiting.push({ resolve, reject });
      seat.worker.postMessage({ block, file }, [block.bytes.buffer, block.ends.buffer, block.lines.buffer]);
    });
  }

  /** Stops the threads; answers that are outstanding are rejected with `reason`. */
  async close(reason: unknown = new Error('The import is over.')): Promise<void> {
    for (const { waiting } of this.seats) for (const { reject } of waiting.splice(0)) reject(reason);
    await Promise.all(this.seats.map(({ worker }) => worker.terminate()));
  }

  private seat(): Seat {
    const worker = new Worker(new URL('./map-worker.ts', import.meta.url), {
      workerData: { mapping: this.mapping },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16 },
    });
    const seat: Seat = { worker, waiting: [] };
    const fail = (error: unknown): void => {
      for (const { reject } of seat.waiting.splice(0)) reject(error);
    };
    worker.on('message', (mapped: MappedBlock) => seat.waiting.shift()?.resolve(mapped));
    worker.on('error', fail);
    worker.on('messageerror', fail);
    worker.on('exit', (code) => fail(new Error(`A thread that reads records ended early (code ${code}).`)));
    this.seats.push(seat);
    return seat;
  }
}
