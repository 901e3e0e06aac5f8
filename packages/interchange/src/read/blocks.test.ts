import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  const all = [];
  for await (const { records } of readRecords(path)) all.push(...records);
  return {
    values: all.flatMap((r) => (r.value === undefined ? [] : [r.value])),
    bad: all.filter((r) => r.value === undefined),
  };
};
const qs = (n: number) => Array.from({ length: n }, (_, q) => ({ q, noise: Math.sin(q) }));
const jsonl = (values: unknown[]) => values.map((v) => JSON.stringify(v)).join('\n');

describe('files are known by what they hold', () => {
  const values = qs(3);
  const csv = `\uFEFFq,noise\n${values.map((v) => `${v.q},${v.noise}`).join('\n')}`;
  const strings = values.map((v) => ({ q: String(v.q), noise: String(v.noise) }));

  it.each([
    ['array.jsonl', JSON.stringify(values), values],
    ['array.json.gz', gzipSync(JSON.stringify(values, null, 2)), values],
    ['lines.json', jsonl(values), values],
    ['pretty.jsonl', values.map((v) => JSON.stringify(v, null, 1)).join('\n'), values],
    ['UPPER.JSONL.GZ', gzipSync(jsonl(values)), values],
    ['lines.jsonl.zst', zstdCompressSync(jsonl(values)), values],
    [
      'two-frames.zst',
      Buffer.concat([`${jsonl(values)}\n`, jsonl(values)].map((s) => zstdCompressSync(s))),
      [...values, ...values],
    ],
    [
      'two-members.gz',
      Buffer.concat([`${jsonl(values)}\n`, jsonl(values)].map((s) => gzipSync(s))),
      [...values, ...values],
    ],
    ['not-packed.gz', jsonl(values), values],
    ['packed.jsonl', gzipSync(jsonl(values)), values],
    ['no-name', csv, strings],
    ['table.CSV.gz', gzipSync(csv), strings],
    ['table.tsv', csv.replaceAll(',', '\t'), strings],
    ['table.csv', csv.replaceAll(',', ';'), strings],
    ['utf16.csv', Buffer.from(csv, 'utf16le'), strings],
    ['utf16.jsonl.gz', gzipSync(Buffer.from(`\uFEFF${jsonl(values)}`, 'utf16le').swap16()), values],
    ['bom.jsonl', `\uFEFF${jsonl(values)}`, values],
    ['empty.jsonl', '', []],
    ['empty.gz', '', []],
  ])('[I8] %s', async (name, content, expected) => {
    expect(await read(name, content)).toEqual({ values: expected, bad: [] });
  });
});

describe('damaged files', () => {
  const values = qs(20_000);
  const plain = Buffer.from(jsonl(values));

  it.each([
    ['gz', gzipSync(plain)],
    ['zst', zstdCompressSync(plain)],
  ])('[I16] a cut %s file keeps its good lines', async (kind, packed) => {
    const { values: kept, bad } = await read(`a.jsonl.${kind}`, packed.subarray(0, packed.length / 2));
    expect(kept.length).toBeGreaterThan(5_000);
    expect(kept).toEqual(values.slice(0, kept.length));
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatchObject({
      line: kept.length + 1,
      reason: expect.stringMatching(/^the file is damaged here/),
    });
    expect(plain.toString().startsWith((bad[0] as { excerpt: string }).excerpt, jsonl(kept).length + 1)).toBe(
      true,
    );
  });

  it('[I16] a gz file with bad bytes keeps every line before them', async () => {
    const packed = gzipSync(plain);
    // An invalid block type: deflate stops right here.
    const middle = packed.length >> 1;
    packed.fill(0xff, middle, middle + 400);
    const { values: kept, bad } = await read('a.jsonl.gz', packed);
    const good = kept.findIndex((v, i) => JSON.stringify(v) !== JSON.stringify(values[i]));
    expect(good < 0 ? kept.length : good).toBeGreaterThan(9_000);
    expect(bad.at(-1)?.reason).toMatch(/^the file is damaged here/);
  });

  it('[I16] bytes behind a packed file are told, not read', async () => {
    const { values: kept, bad } = await read('a.gz', Buffer.concat([gzipSync(plain), Buffer.from('hello')]));
    expect(kept).toHaveLength(values.length);
    expect(bad).toMatchObject([{ reason: expect.stringContaining('damaged') }]);
  });
});
