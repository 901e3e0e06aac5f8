import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { JudgeId, type RunId, type TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from './store.ts';

const FIRST = readFileSync(join(import.meta.dirname, 'migrations/0001-foundation.sql'), 'utf8');
const ALL = { sort: { key: 'arrival', descending: false } as const, offset: 0, limit: 10 };
const id = (n: number) => n.toString(16).padStart(16, '0') as TraceId;

/** Two traces of one problem; a verifier flawed the first, and took its verdict on the second back. */
const ROWS = `
  CREATE TABLE migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
  INSERT INTO migration VALUES (1, '0001-foundation.sql');
  INSERT INTO name VALUES ('task', 0, 'sums'), ('model', 0, 'old-model'), ('source', 0, 'file'),
    ('judge', 0, 'human:imported-gold'), ('judge', 1, 'verifier:dyck'), ('tag', 0, 'hard');
  INSERT INTO import (title, mapping, state, imported, started_at) VALUES ('old.jsonl', '{}', 'done', 2, TIMESTAMP '2025-01-01');
  INSERT INTO problem VALUES (0, '${id(500)}', 0, 0, 'How many ducks?', '3');
  INSERT INTO trace (seq, id, problem, task, model, source, import_id, given, outcome, steps, first_error, flaw_kind, verifier_at)
    VALUES (0, '${id(1)}', 0, 0, 0, 0, 1, 2, 2, 2, 1, 0, 1), (1, '${id(2)}', 0, 0, 0, 0, 1, 1, 1, 1, NULL, NULL, NULL);
  INSERT INTO trace_body VALUES (0, '["two ducks","and four"]', '4', '{"level":7}', '+-'), (1, '["three"]', '3', NULL, NULL);
  INSERT INTO judgement VALUES
    (0, 0, 1, 1, 1, '+-', 0, 1, 'four is too many', NULL, '1', false, NULL, TIMESTAMP '2025-01-02'),
    (1, 1, 1, 1, 0, '-', 0, 1, 'wrong', NULL, '1', false, NULL, TIMESTAMP '2025-01-02'),
    (2, 1, 1, 1, NULL, '', NULL, NULL, '', NULL, '1', false, NULL, TIMESTAMP '2025-01-03');
  INSERT INTO trace_tag VALUES (0, 0);
  INSERT INTO run (kind, title, state, subject, fingerprint, config, total, done, created_at)
    VALUES ('verify', 'Dyck', 'cancelled', '', 'f', '{"judge":"verifier:dyck"}', 2, 1, TIMESTAMP '2025-01-02');
  INSERT INTO run_item VALUES (1, 0), (1, 1);
  INSERT INTO run_result VALUES (1, 0, 0, NULL);
`;

let home: string;
/** Runs SQL on the database file, past the store. */
const raw = async (sql: string): Promise<void> => {
  const instance = await DuckDBInstance.create(join(home, 'flywheel.duckdb'));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-migrations-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('[S36] a file of the first schema opens, with all that was in it, and is worked on', async () => {
  await raw(FIRST + ROWS);
  const store = await openStore(home);
  const ids = async (query: string) =>
    (await store.traces.page({ query: requireQuery(query), ...ALL })).rows.map((r) => r.id);
  expect(await ids('')).toEqual([id(1), id(2)]);
  expect((await store.traces.open(id(1)))?.extra).toEqual({ level: 7 });
  expect((await store.imports.list())[0]).toMatchObject({ title: 'old.jsonl', imported: 2 });

  // What later migrations brought: the views, the judges of a trace, and the index, which is rebuilt.
  const { rows } = await store.sql.query('SELECT id, model FROM traces ORDER BY id', {
    maxRows: 9,
    timeoutMs: 9_000,
  });
  expect(rows).toEqual([
    [id(1), 'old-model'],
    [id(2), 'old-model'],
  ]);
  expect(await ids('judge:verifier:dyck tag:hard')).toEqual([id(1)]);
  const { facets } = await store.traces.facets(requireQuery(''));
  expect(facets.find((f) => f.field === 'judge')?.values).toMatchObject([
    { value: 'verifier:dyck', count: 1 },
  ]);
  expect(await ids('ducks four')).toEqual([id(1)]);
  expect(await ids('"too many"')).toEqual([id(1)]);

  // A run of those days has one repetition, and goes on where it stood.
  const run = 1 as RunId;
  expect(await store.runs.get(run)).toMatchObject({ title: 'Dyck', state: 'cancelled', spend: null });
  expect(await store.runs.missing(run, 9)).toEqual([{ seq: 1, repetition: 0 }]);
  await store.runs.record(run, [
    { seq: 1, repetition: 0, state: 'failed', cause: 'judge-error', error: 'x' },
  ]);
  expect(await store.runs.tally(run)).toMatchObject({ total: 2, done: 1, failed: 1 });

  await store.judgements.append([
    {
      trace: id(2),
      judge: JudgeId.parse('verifier:dyck'),
      scope: 'steps',
      verdict: 'clean',
      firstError: null,
      labels: [1],
      category: null,
      confidence: null,
      rationale: '',
      evidence: [],
      version: '2',
      imported: false,
      at: Date.UTC(2026, 0, 1),
    },
  ]);
  expect(await ids('error:clean judge:verifier:dyck')).toEqual([id(2)]);
  expect((await store.maintenance.doctor()).checks.filter((c) => !c.ok)).toEqual([]);
  await store.close();

  // Migrations are applied once.
  const again = await openStore(home);
  expect((await again.traces.page({ query: requireQuery(''), ...ALL })).total).toBe(2);
  await again.close();
});

it('[S37] a file of a newer schema is refused untouched, and the message says what to do', async () => {
  await (await openStore(home)).close();
  await raw("INSERT INTO migration VALUES (9999, '9999-future.sql')");
  const refused = openStore(home);
  await expect(refused).rejects.toThrow(
    /newer Flywheel \(schema 9999, this one knows \d+\)\. Update Flywheel\./,
  );
  await expect(refused).rejects.toMatchObject({ name: 'StoreError' });
  // It is not held either: once the file is right, it opens.
  await raw('DELETE FROM migration WHERE number = 9999');
  await (await openStore(home)).close();
});

it('[S36] a kill right after the schema was changed leaves a file that opens', async () => {
  await raw(FIRST + ROWS);
  const store = await openStore(home);
  const killed = `${home}-killed`;
  // As a kill would leave it: the file and its log, nothing written out.
  cpSync(home, killed, { recursive: true });
  await store.close();
  try {
    const after = await openStore(killed);
    expect((await after.traces.open(id(1)))?.extra).toEqual({ level: 7 });
    await after.close();
  } finally {
    rmSync(killed, { recursive: true, force: true });
  }
});
