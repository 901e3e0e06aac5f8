import { stat } from 'node:fs/promises';
import type { TraceBlock } from '@flywheel/domain/trace-block';
import { Occurrences } from './ids.ts';
import type { MappedBlock } from './map-block.ts';
import { MapPool } from './map-pool.ts';
import type { Mapping } from './mapping.ts';
import { readBlocks } from './read/blocks.ts';
import { RejectsFile } from './rejects-file.ts';

export interface ImportSink {
  /** Names of the files as the user knows them, in the order of the paths. */
  names: readonly string[];
  /** Where rejects are written, one JSON object a line. */
  rejectsFile: string;
  write(blocks: TraceBlock[]): Promise<{ imported: number; duplicates: number }>;
}

export interface ImportProgress {
  imported: number;
  duplicates: number;
  rejected: number;
  bytesRead: number;
  bytesTotal: number;
}

/** A batch is written when it has so many traces, or came from so many bytes of records. */
const BATCH = 5_000;
const BATCH_BYTES = 1 << 25;

/** Hands traces to the sink in batches, one at a time; the next is collected meanwhile. */
class SinkWriter {
  private readonly sink: ImportSink;
  private readonly wrote: (counts: { imported: number; duplicates: number }) => void;
  private pending: TraceBlock[] = [];
  private traces = 0;
  private bytes = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(sink: ImportSink, wrote: (counts: { imported: number; duplicates: number }) => void) {
    this.sink = sink;
    this.wrote = wrote;
  }

  async add(block: TraceBlock, bytes: number): Promise<void> {
    this.pending.push(block);
    this.traces += block.ids.length;
    this.bytes += bytes;
    if (this.traces >= BATCH || this.bytes >= BATCH_BYTES) await this.flush();
  }

  /** Begins to write what is pending, when the write before is over. */
  async flush(): Promise<void> {
    await this.writing;
    const batch = this.pending;
    if (this.traces === 0) return;
    this.pending = [];
    this.traces = 0;
    this.bytes = 0;
    this.writing = this.sink.write(batch).then(this.wrote);
    this.writing.catch(() => undefined);
  }

  /** Resolves when the write in hand is over. */
  settled(): Promise<void> {
    return this.writing;
  }
}

/**
 * Reads files through a mapping into the sink. Bad records are rejected, each with its line and reason; a damaged file gives
 * what stands before the damage. When aborted it returns the counts of what the sink has taken.
 *
 * @throws Error when a file cannot be opened, the rejects cannot be written, or the sink fails
 */
export const importFiles = async (
  paths: readonly string[],
  mapping: Mapping,
  sink: ImportSink,
  options: { signal?: AbortSignal; onProgress?: (p: ImportProgress) => void } = {},
): Promise<{ imported: number; duplicates: number; rejected: number; seconds: number }> => {
  const began = performance.now();
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const bytesTotal = sizes.reduce((a, b) => a + b, 0);
  const progress: ImportProgress = { imported: 0, duplicates: 0, rejected: 0, bytesRead: 0, bytesTotal };
  const report = () => options.onProgress?.({ ...progress });
  const rejects = await RejectsFile.create(sink.rejectsFile);
  const writer = new SinkWriter(sink, ({ imported, duplicates }) => {
    progress.imported += imported;
    progress.duplicates += duplicates;
    report();
  });
  const pool = new MapPool(mapping);
  const stop = () => void pool.close(options.signal?.reason);
  options.signal?.addEventListener('abort', stop);
  /** Reads one file: blocks are mapped ahead, and taken in order. */
  const readFile = async (path: string, name: string, before: number) => {
    const seen = new Occurrences();
    const ahead: { mapped: Promise<MappedBlock>; offset: number; bytes: number }[] = [];
    const take = async (): Promise<void> => {
      const { mapped, offset, bytes } = ahead.shift() as (typeof ahead)[number];
      const { traces, rejects: bad } = await mapped;
      options.signal?.throwIfAborted();
      await rejects.add(bad);
      progress.rejected += bad.length;
      await writer.add({ ...traces, ids: traces.ids.map((id) => seen.number(id)) }, bytes);
      progress.bytesRead = before + offset;
      report();
    };
    for await (const { block, offset } of readBlocks(path, options.signal)) {
      const bytes = block.bytes.length;
      const mapped = pool.map(block, name);
      mapped.catch(() => undefined);
      ahead.push({ mapped, offset, bytes });
      if (ahead.length >= pool.window) await take();
    }
    while (ahead.length > 0) await take();
  };
  try {
    let before = 0;
    for (const [i, path] of paths.entries()) {
      await readFile(path, sink.names[i] ?? path, before);
      before += sizes[i] as number;
    }
    await writer.flush();
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await pool.close();
    await writer.settled().finally(() => rejects.close());
  }
  const { imported, duplicates, rejected } = progress;
  return { imported, duplicates, rejected, seconds: (performance.now() - began) / 1000 };
};
