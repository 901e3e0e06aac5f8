import { open, readFile } from 'node:fs/promises';
import type { JsonValue } from '@flywheel/domain/trace';
import { parse as parseCsv } from 'csv-parse/sync';
import { readLines } from './lines.ts';

export interface ReadRecord {
  /** 1-based line of a JSONL or CSV file; number of the element of a JSON array. */
  line: number;
  /** The value, or why there is none. */
  value?: JsonValue;
  reason?: string;
  excerpt: string;
}

const strict = new TextDecoder('utf-8', { fatal: true });
const loose = new TextDecoder('utf-8');
const EXCERPT = 200;
const MAX_LINE = 10 * 1024 * 1024;

/** Bytes as text for a message: at most 200 characters, control characters escaped. */
export const excerptOf = (bytes: Uint8Array): string =>
  [...loose.decode(bytes.subarray(0, EXCERPT * 4))]
    .slice(0, EXCERPT)
    .map((c) => (c < ' ' || c === '\u007f' ? JSON.stringify(c).slice(1, -1) : c))
    .join('');

const invalidAt = (bytes: Uint8Array): number => {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    try {
      // `stream` accepts a character that is cut off at the end.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle + 1), { stream: true });
      low = middle + 1;
    } catch {
      high = middle;
    }
  }
  return low;
};

/** One line of JSONL. */
export const parseLine = (line: number, bytes: Uint8Array): ReadRecord => {
  const failed = (reason: string): ReadRecord => ({ line, reason, excerpt: excerptOf(bytes) });
  if (bytes.length > MAX_LINE)
    return failed(`the line is ${(bytes.length / 1048576).toFixed(1)} MB long; at most 10 MB`);
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return failed(`invalid UTF-8 at byte ${invalidAt(bytes)}`);
  }
  if (text.trim() === '') return { line, excerpt: '' };
  try {
    return { line, value: JSON.parse(text), excerpt: '' };
  } catch (error) {
    return failed(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

export interface RecordBatch {
  records: ReadRecord[];
  bytesRead: number;
  bytesTotal: number;
}

const inner = (path: string): string => path.replace(/\.(gz|zst)$/, '');

async function* wholeFile(path: string, parse: (text: string) => JsonValue[]): AsyncGenerator<RecordBatch> {
  const bytes = await readFile(path);
  const records = parse(strict.decode(bytes)).map(
    (value, i): ReadRecord => ({ line: i + 1, value, excerpt: '' }),
  );
  yield { records, bytesRead: bytes.length, bytesTotal: bytes.length };
}

const startsWithBracket = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return /^\uFEFF?\s*\[/.test(loose.decode(buffer.subarray(0, bytesRead)));
  } finally {
    await file.close();
  }
};

/** Records of a JSONL (also .gz, .zst), JSON array or CSV file, in batches. Bad lines come with their reason. */
export async function* readRecords(path: string, signal?: AbortSignal): AsyncGenerator<RecordBatch> {
  if (/\.csv$/i.test(path)) {
    yield* wholeFile(
      path,
      (text) => parseCsv(text, { columns: true, bom: true, relax_column_count: true }) as JsonValue[],
    );
    return;
  }
  if (/\.json$/i.test(inner(path)) && path === inner(path) && (await startsWithBracket(path))) {
    yield* wholeFile(path, (text) => JSON.parse(text.replace(/^\uFEFF/, '')) as JsonValue[]);
    return;
  }
  for await (const { lines, ...progress } of readLines(path, signal))
    yield {
      ...progress,
      records: lines.map((l) => parseLine(l.line, l.bytes)).filter((r) => r.value !== undefined || r.reason),
    };
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
