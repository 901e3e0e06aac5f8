import { unzipSync, zstdDecompressSync } from 'node:zlib';
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors as portable } from 'hyparquet-compressors';
import { type Block, BlockBuilder, MAX_RECORD, tooLong } from './block.ts';

export interface ReadBlock {
  block: Block;
  /** How much of the file was read for the blocks so far, in bytes. */
  offset: number;
}

/** Node's own decompressors where it has them: they are several times as fast. */
const compressors = {
  ...portable,
  GZIP: (input: Uint8Array): Uint8Array => unzipSync(input),
  ZSTD: (input: Uint8Array): Uint8Array => zstdDecompressSync(input),
};

/** Uncompressed bytes to decode at a time, where row groups are larger. Lists are decoded from their group's start each time. */
const SLICE_BYTES = 128 * 2 ** 20;

export const isParquet = (head: Buffer): boolean => head.toString('latin1', 0, 4) === 'PAR1';

/** What JSON has no word for: integers over 2^53 and bytes become text, so that no digit is lost. Dates are ISO text already. */
const toJson = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
};

/** Row ranges to decode at a time: row groups, or parts of large ones. */
function* slices(metadata: FileMetaData): Generator<{ from: number; to: number }> {
  let from = 0;
  for (const group of metadata.row_groups) {
    const end = from + Number(group.num_rows);
    const parts = Math.max(1, Math.ceil(Number(group.total_byte_size) / SLICE_BYTES));
    const step = Math.max(1_000, Math.ceil(Number(group.num_rows) / parts));
    for (; from < end; from += step) yield { from, to: Math.min(end, from + step) };
    from = end;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The rows of a Parquet file as records, JSON objects by column; a record's line is its row, counted from 1. Row groups are decoded one
 * after another; one that cannot be read is a reject. Blocks the thread while it decodes.
 */
export async function* parquetBlocks(path: string): AsyncGenerator<ReadBlock> {
  const out = new BlockBuilder({ kind: 'json' });
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    out.reject(1, Buffer.alloc(0), `not a readable Parquet file: ${messageOf(error)}`);
    return null;
  });
  if (metadata === null) {
    for (const block of out.rest()) yield { block, offset: file.byteLength };
    return;
  }
  const columns = parquetSchema(metadata).children.map((c) => c.element.name);
  const keys = columns.map((name) => JSON.stringify(name));
  const offsetAt = (row: number): number =>
    Math.floor((file.byteLength * row) / Math.max(1, Number(metadata.num_rows)));
  const encoder = new TextEncoder();
  for (const { from, to } of slices(metadata)) {
    let rows: unknown[][] = [];
    try {
      await parquetRead({
        file,
        metadata,
        compressors,
        columns,
        rowStart: from,
        rowEnd: to,
        rowFormat: 'array',
        onComplete: (read) => {
          rows = read;
        },
      });
    } catch (error) {
      out.reject(from + 1, Buffer.alloc(0), `rows ${from + 1} to ${to} cannot be read: ${messageOf(error)}`);
    }
    for (const [i, row] of rows.entries()) {
      const cells = keys.map((key, c) => `${key}:${JSON.stringify(row[c] ?? null, toJson)}`);
      const record = encoder.encode(`{${cells.join(',')}}`);
      if (record.length > MAX_RECORD) out.reject(from + i + 1, record, tooLong('row', record.length));
      else out.add(from + i + 1, record);
      for (const block of out.full()) yield { block, offset: offsetAt(from + i + 1) };
    }
  }
  for (const block of out.rest()) yield { block, offset: file.byteLength };
}
