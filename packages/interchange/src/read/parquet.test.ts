import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords, readSample } from '../records.ts';

let folder: string;
let db: DuckDBConnection;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-parquet-'));
  db = await (await DuckDBInstance.create()).connect();
});
afterEach(() => {
  db.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

const write = async (select: string, options: string) => {
  const path = join(folder, 'a.parquet');
  await db.run(`COPY (${select}) TO '${path}' (FORMAT parquet, ${options})`);
  return path;
};
const read = async (path: string) => {
  const all = [];
  for await (const { records } of readRecords(path)) all.push(...records);
  return all;
};

describe('Parquet', () => {
  it.each(['snappy', 'zstd', 'gzip', 'brotli', 'lz4', 'uncompressed'])(
    '[I23] %s: lists and structs become JSON, large integers keep every digit',
    async (codec) => {
      const path = await write(
        `SELECT 'q' || i AS q, ['a' || i, NULL, 'c'] AS steps, {'x': i::INTEGER, 'y': [{'z': true}]} AS meta,
           9007199254740993 + i AS big, i AS small, TIMESTAMP '2024-01-01 12:00:00' AS t, NULL::VARCHAR AS nil,
           '__proto__' AS "__proto__" FROM range(3) r(i)`,
        `COMPRESSION ${codec}`,
      );
      const records = await read(path);
      expect(records.map((r) => r.line)).toEqual([1, 2, 3]);
      expect(JSON.stringify(records[1]?.value)).toBe(
        '{"q":"q1","steps":["a1",null,"c"],"meta":{"x":1,"y":[{"z":true}]},"big":"9007199254740994","small":1,"t":"2024-01-01T12:00:00.000Z","nil":null,"__proto__":"__proto__"}',
      );
    },
  );

  it('[I23] many row groups, read in a thread, in order', async () => {
    const path = await write(
      `SELECT i AS n, md5(i::VARCHAR) AS text FROM range(60000) r(i)`,
      'ROW_GROUP_SIZE 8192, COMPRESSION uncompressed',
    );
    const records = await read(path);
    expect(records.map((r) => (r.value as { n: number }).n)).toEqual(
      Array.from({ length: 60_000 }, (_, i) => i),
    );
    expect(records.at(-1)?.line).toBe(60_000);
    expect(await readSample(path, 5)).toHaveLength(5);
  });

  it('[I16] a damaged row group costs its rows only; a cut file is one reject', async () => {
    const path = await write(
      `SELECT i AS n, md5(i::VARCHAR) AS text FROM range(20000) r(i)`,
      'ROW_GROUP_SIZE 4096',
    );
    const bytes = readFileSync(path);
    const cut = join(folder, 'cut.parquet');
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
    expect(await read(cut)).toMatchObject([
      { line: 1, reason: expect.stringMatching(/^not a readable Parquet file/) },
    ]);
    bytes.fill(0xff, 100, 2_000);
    writeFileSync(path, bytes);
    const records = await read(path);
    const bad = records.filter((r) => r.value === undefined);
    expect(bad).toMatchObject([{ line: 1, reason: expect.stringMatching(/^rows 1 to \d+ cannot be read/) }]);
    expect(records.length - bad.length).toBeGreaterThan(10_000);
  });
});
