import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { JudgeId, type TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const hex = (n: number) => n.toString(16).padStart(16, '0') as TraceId;
const ALL = { sort: { key: 'arrival', descending: false } as const, offset: 0, limit: 10 };

let home: string;
let store: Store;

const rows = async (query = '') => (await store.traces.page({ query: requireQuery(query), ...ALL })).rows;

/** Changes the database file behind the store's back, as a fault would. */
const damage = async (sql: string): Promise<void> => {
  await store.close();
  const instance = await DuckDBInstance.create(join(home, 'flywheel.duckdb'));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
  store = await openStore(home);
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-doctor-'));
  store = await openStore(home);
  const id = await store.imports.begin({ title: 'test', mapping: {} });
  const records = [1, 2, 3].map((n) => ({
    id: hex(n),
    problemId: hex(100 + n),
    task: 'sums',
    prompt: `Problem ${n}`,
    reference: null,
    model: 'm',
    source: 's',
    given: 'wrong' as const,
    answer: '1',
    steps: ['one', 'two'],
    extra: {},
  }));
  await store.imports.write(id, records);
  await store.imports.finish(id, 'done', null);
  await store.judgements.append([
    {
      trace: hex(1),
      judge: JudgeId.parse('verifier:dyck'),
      scope: 'steps',
      verdict: 'flawed',
      firstError: 1,
      labels: [1, -1],
      category: 'sign',
      confidence: null,
      rationale: 'a slip',
      evidence: [],
      version: '1',
      imported: false,
      at: 1,
    },
  ]);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S45] doctor mends everything that is derived, and says whether it had to', async () => {
  const right = await rows();
  const resolved = async () =>
    (await store.maintenance.doctor()).checks.find((c) => c.name.startsWith('resolved'));
  for (const sql of [
    'UPDATE trace SET first_error = 0, category = NULL WHERE seq = 0',
    'UPDATE trace SET verifier_at = NULL WHERE seq = 0',
    'UPDATE trace SET judges = 0 WHERE seq = 0',
    "UPDATE trace_body SET strip = '--' WHERE seq = 0",
    'UPDATE trace SET first_error = 1, usefulness = 1 WHERE seq = 1',
  ]) {
    await damage(sql);
    expect(await resolved(), sql).toMatchObject({ ok: true, mended: true });
    expect(await rows(), sql).toEqual(right);
    expect(await rows('judge:verifier:dyck'), sql).toHaveLength(1);
  }
  expect(await resolved()).toMatchObject({ ok: true, mended: false });
});

it('[S45] what doctor cannot mend, it names', async () => {
  await damage(`DELETE FROM trace_body WHERE seq = 1; DELETE FROM problem WHERE seq = 1;
    UPDATE trace SET id = (SELECT id FROM trace WHERE seq = 1) WHERE seq = 2; UPDATE judgement SET trace = 77`);
  const { checks } = await store.maintenance.doctor();
  expect(checks.filter((c) => !c.ok).map((c) => c.name)).toEqual([
    'every trace has its text',
    'every trace has its problem',
    'trace ids are unique',
    'judgements belong to traces',
  ]);
});

it('[S46] an index that is damaged or gone is built anew when the store opens', async () => {
  for (const harm of [
    () => writeFileSync(join(home, 'search.sqlite'), 'this is not a database, and never was. '.repeat(500)),
    () => rmSync(join(home, 'search.sqlite')),
  ]) {
    await store.close();
    for (const suffix of ['-wal', '-shm']) rmSync(join(home, `search.sqlite${suffix}`), { force: true });
    harm();
    store = await openStore(home);
    expect(await rows('slip')).toHaveLength(1);
    expect(await rows('two')).toHaveLength(3);
  }
});

it('[S12] a backup goes into an empty folder only, and never over another', async () => {
  const folder = join(home, 'backups', 'one');
  mkdirSync(folder, { recursive: true });
  const { bytes } = await store.maintenance.backup(folder);
  expect(bytes).toBeGreaterThan(1_000);
  await expect(store.maintenance.backup(folder)).rejects.toThrow('not empty');
});
