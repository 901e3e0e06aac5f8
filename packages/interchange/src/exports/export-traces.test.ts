import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ProblemId, TraceId } from '@flywheel/domain/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../records.ts';
import { exportTraces } from './export-traces.ts';
import type { ExportTrace } from './formats.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const trace = (i: number): ExportTrace => ({
  row: {
    seq: i,
    id: TraceId.parse(i.toString(16).padStart(16, '0')),
    problem: ProblemId.parse('0'.repeat(16)),
    label: 't/0',
    promptHead: 'p',
    task: i % 2 ? 'odd' : '__proto__',
    model: 'm<img src=x>',
    source: 's|1',
    importId: 1,
    outcome: i % 3 ? 'right' : 'wrong',
    given: null,
    answer: i % 5 ? `${i}` : null,
    reference: '1',
    steps: 2,
    firstError: i % 3 ? -1 : i % 2,
    flawKind: 'verifier',
    category: null,
    strip: '..',
    agreement: { verifier: -1, critic: null, local: null, human: null },
    surprise: null,
    selfAgreement: null,
    conflict: false,
    reviewed: false,
    flagged: false,
    tags: i % 4 ? [] : ['a', 'b"é'],
  },
  problem: { id: ProblemId.parse('0'.repeat(16)), task: 't', ordinal: 0, prompt: `p\n${i}`, reference: '1' },
  steps: [`a😀${i}`, '', 'b'].slice(0, 1 + (i % 3)),
  extra: { level: i, nested: { x: [1, null] } },
  judgements: [],
  review: null,
});
async function* traces(n: number) {
  for (let i = 0; i < n; i++) yield trace(i);
}
const sha = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const read = async (path: string) => {
  const all: unknown[] = [];
  for await (const { records } of readRecords(path)) all.push(...records.map((r) => r.value));
  return all;
};

describe('exportTraces', () => {
  it('[I20] Parquet holds the same rows as JSON Lines, in several row groups, and DuckDB reads it', async () => {
    const n = 41_000;
    const [lines, table] = [join(folder, 'a.jsonl'), join(folder, 'a.parquet')];
    await exportTraces('jsonl', traces(n), lines, { query: '' });
    const result = await exportTraces('parquet', traces(n), table, { query: '' });
    expect(result).toMatchObject({ written: n, skipped: 0, sha256: sha(table) });
    expect(await read(table)).toEqual(await read(lines));
    const db = await (await DuckDBInstance.create()).connect();
    const rows = await db.runAndReadAll(
      `SELECT count(*)::INT AS n, sum(len(steps))::INT AS steps, count(first_error)::INT AS errors, sum((extra->>'level')::INT)::BIGINT::VARCHAR AS levels, count(review)::INT AS reviews FROM read_parquet('${table}')`,
    );
    const all = Array.from({ length: n }, (_, i) => trace(i));
    expect(rows.getRowObjects()[0]).toEqual({
      n,
      steps: all.reduce((sum, t) => sum + t.steps.length, 0),
      errors: all.filter((t) => (t.row.firstError ?? -1) >= 0).length,
      levels: String((n * (n - 1)) / 2),
      reviews: 0,
    });
    const groups = await db.runAndReadAll(
      `SELECT count(DISTINCT row_group_id)::INT AS n FROM parquet_metadata('${table}')`,
    );
    expect(groups.getRowObjects()).toEqual([{ n: 3 }]);
  });

  it('[I21] the data card counts what was written and left out, for programs and for people', async () => {
    const out = join(folder, 'a.jsonl');
    const result = await exportTraces('trl-sft-messages', traces(6), out, { query: 'task:odd "a|b"' });
    const card = JSON.parse(readFileSync(`${out}.card.json`, 'utf8'));
    expect(card).toMatchObject({ written: 4, skipped: 2, sha256: sha(out), sources: { 's|1': 4 } });
    expect(Object.entries(card.tasks)).toEqual([
      ['odd', 2],
      ['__proto__', 2],
    ]);
    expect(result).toMatchObject({
      written: 4,
      skipped: 2,
      reasons: { 'flawed, or nobody found it right': 2 },
    });
    const text = readFileSync(`${out}.card.md`, 'utf8');
    expect(text).toContain(`| SHA-256 | ${sha(out)} |`);
    expect(text).toContain('| m&lt;img src=x\\> | 4 |');
    expect(text).toContain('| s\\|1 | 4 |');
  });

  it('[I22] a file appears whole or not at all', async () => {
    const out = join(folder, 'a.parquet');
    const abort = new AbortController();
    async function* aborting() {
      yield trace(1);
      abort.abort();
      yield trace(2);
    }
    await expect(
      exportTraces('parquet', aborting(), out, { query: '', signal: abort.signal }),
    ).rejects.toThrow();
    expect([existsSync(out), existsSync(`${out}.part`), existsSync(`${out}.card.json`)]).toEqual([
      false,
      false,
      false,
    ]);
    mkdirSync(`${out}.part`);
    await expect(exportTraces('parquet', traces(1), out, { query: '' })).rejects.toThrow(
      'a.parquet.part cannot be written',
    );
  });
});
