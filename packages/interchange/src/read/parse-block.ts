import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '@flywheel/domain/trace';
import type { Block, CsvFormat } from './block.ts';
import { csvFields } from './csv-fields.ts';

export interface ReadRecord {
  /** 1-based line of the file on which the record begins. */
  line: number;
  /** The value, or why there is none. */
  value?: JsonValue;
  reason?: string;
  excerpt: string;
}

const loose = new TextDecoder('utf-8');
const EXCERPT = 200;

/** Text for a message: at most 200 characters, control characters escaped. */
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const parseCsv = (
  text: string,
  { columns, delimiter }: CsvFormat,
): { value: JsonValue } | { reason: string } => {
  const fields = csvFields(text, delimiter);
  if (!fields) return { reason: 'a quote is out of place' };
  if (fields.length !== columns.length)
    return { reason: `${fields.length} columns, but the first line names ${columns.length}` };
  // Defines own properties, whatever the columns are called.
  return { value: Object.fromEntries(columns.map((name, i) => [name, fields[i] as string])) };
};

const parseRecord = (line: number, bytes: Buffer, block: Block): ReadRecord => {
  const failed = (reason: string): ReadRecord => ({ line, reason, excerpt: excerptOf(bytes) });
  if (!isUtf8(bytes)) return failed(`invalid UTF-8 at byte ${invalidAt(bytes)}`);
  let text = bytes.toString('utf8');
  // Files that were put together from several may have byte order marks in the middle.
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  if (block.format.kind === 'csv') {
    const parsed = parseCsv(text, block.format);
    return 'reason' in parsed ? failed(parsed.reason) : { line, value: parsed.value, excerpt: '' };
  }
  try {
    return { line, value: JSON.parse(text), excerpt: '' };
  } catch (error) {
    return failed(`not JSON: ${messageOf(error)}`);
  }
};

/** The records of a block, each with its value or the reason why it has none. */
export function* parseBlock(block: Block): Generator<ReadRecord & { bytes: Buffer }> {
  const all = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
  let from = 0;
  for (const [i, to] of block.ends.entries()) {
    const bytes = all.subarray(from, to);
    const line = block.lines[i] as number;
    const reason = block.reasons.get(i);
    from = to;
    yield reason === undefined
      ? { ...parseRecord(line, bytes, block), bytes }
      : { line, reason, excerpt: excerptOf(bytes), bytes };
  }
}
