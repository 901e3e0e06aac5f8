import { stat } from 'node:fs/promises';
import type { JsonValue } from '@flywheel/domain/trace';
import { readBlocks } from './read/blocks.ts';
import { parseBlock, type ReadRecord } from './read/parse-block.ts';

export interface RecordBatch {
  records: ReadRecord[];
  bytesRead: number;
  bytesTotal: number;
}

/** Records of a JSON Lines, JSON or CSV file (also .gz, .zst), in batches. Bad records come with their reason. */
export async function* readRecords(path: string, signal?: AbortSignal): AsyncGenerator<RecordBatch> {
  const { size } = await stat(path);
  for await (const { block, offset } of readBlocks(path, signal)) {
    const records = [...parseBlock(block)].map(({ bytes: _, ...record }) => record);
    yield { records, bytesRead: offset, bytesTotal: size };
  }
}

/** The first records of a file that could be read, for guesses and previews. */
export const readSample = async (path: string, limit = 50): Promise<JsonValue[]> => {
  const sample: JsonValue[] = [];
  for await (const { records } of readRecords(path)) {
    sample.push(...records.flatMap((r) => (r.value === undefined ? [] : [r.value])));
    if (sample.length >= limit) break;
  }
  return sample.slice(0, limit);
};
