import { TextDecoder } from 'node:util';
import { BlockBuilder, type Cutter, type RecordFormat } from './block.ts';
import { delimiterOf } from './csv-fields.ts';
import { CsvCutter } from './cut-csv.ts';
import { JsonCutter } from './cut-json.ts';
import { LineCutter } from './cut-lines.ts';
import { isParquet, type ReadBlock } from './parquet.ts';
import { readParquet } from './parquet-thread.ts';
import { DamagedFile, headOf, unpack } from './unpack.ts';

const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

/** Chooses by what the file holds; its name only decides where the content leaves a doubt. */
const cutterFor = (path: string, beginning: Buffer): { cutter: Cutter; format: RecordFormat } => {
  const text = beginning.toString('utf8', 0, 1 << 16).trimStart();
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const json: RecordFormat = { kind: 'json' };
  const tabular = /\.(csv|tsv)(\.[^./\\]*)?$/i.test(path);
  const structured = /\.(jsonl|ndjson|json)(\.[^./\\]*)?$/i.test(path);
  if (text.startsWith('[') && (!tabular || isJson(line) || /^\[\s*[[{]/.test(text)))
    return { cutter: new JsonCutter(), format: json };
  // A line that breaks off after a bracket or comma is the beginning of a value that takes several.
  if (/^\{(.*[,{[])?\s*$/.test(line)) return { cutter: new JsonCutter(), format: json };
  if (structured || (text.startsWith('{') && !(tabular && !isJson(line))))
    return { cutter: new LineCutter(), format: json };
  const named = tabular || line.split(delimiterOf(line)).length > 1;
  if (!named) return { cutter: new LineCutter(), format: json };
  const cutter = new CsvCutter(delimiterOf(line));
  return { cutter, format: cutter.format };
};

/** Text of a file as UTF-8 without its byte order mark; the mark also tells UTF-16, as spreadsheets write it. */
class Utf8 {
  private decoder: TextDecoder | null = null;
  private begun = false;

  convert(bytes: Buffer): Buffer {
    if (!this.begun) {
      this.begun = true;
      const mark = bytes.toString('hex', 0, 3);
      if (mark === 'efbbbf') return bytes.subarray(3);
      if (mark.startsWith('fffe')) this.decoder = new TextDecoder('utf-16le');
      if (mark.startsWith('feff')) this.decoder = new TextDecoder('utf-16be');
    }
    return this.decoder ? Buffer.from(this.decoder.decode(bytes, { stream: true })) : bytes;
  }
}

/**
 * The records of a JSON Lines, JSON, CSV (plain, gz or zst) or Parquet file, cut apart but not parsed, in order. `offset`: how much
 * of the file was read for the block, in bytes. What is damaged is a record with a reason.
 */
export async function* readBlocks(path: string, signal?: AbortSignal): AsyncGenerator<ReadBlock> {
  if (isParquet(await headOf(path, 4))) {
    for await (const read of readParquet(path, signal)) {
      signal?.throwIfAborted();
      yield read;
    }
    return;
  }
  const text = new Utf8();
  let cutter: Cutter | null = null;
  let out = new BlockBuilder({ kind: 'json' });
  let offset = 0;
  let damage: string | null = null;
  const begin = (beginning: Buffer): Cutter => {
    const chosen = cutterFor(path, beginning);
    out = new BlockBuilder(chosen.format);
    return chosen.cutter;
  };
  try {
    for await (const { bytes, offset: read } of unpack(path)) {
      signal?.throwIfAborted();
      offset = read;
      const chunk = text.convert(bytes);
      cutter ??= begin(chunk);
      cutter.push(chunk, out);
      for (const block of out.full()) yield { block, offset };
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    damage = `the file is damaged here (${error.message}); what follows is lost`;
  }
  cutter ??= new LineCutter();
  cutter.end(out, damage);
  for (const block of out.rest()) yield { block, offset };
}
