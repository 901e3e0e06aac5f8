import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const ANSWERS = ['9', '1,200', 'ten', null, '30'];
const trace = (n: number): IngestTrace => ({
  id: n.toString(16).padStart(16, '0'),
  problemId: (100 + n).toString(16).padStart(16, '0'),
  task: 'test',
  prompt: `Problem ${n}`,
  reference: String(100 - n),
  model: n % 2 ? 'big' : 'small',
  source: 'test',
  given: null,
  answer: ANSWERS[n] ?? null,
  steps: Array.from({ length: n + 1 }, (_, i) => `step ${i}`),
  extra: { level: n % 2, 'a/b~c': 'odd name', note: n === 0 ? 'only here' : null, __proto__x: 1 },
});

let home: string;
let store: Store;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-fields-'));
  store = await openStore(home);
  const id = await store.imports.begin({ title: 'fields', mapping: {} });
  await store.imports.write(id, [0, 1, 2, 3, 4].map(trace));
  await store.imports.finish(id, 'done', { imported: 5, duplicates: 0, rejected: 0, rejectsFile: null });
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S30] imported fields that a query can name are listed, and their values counted under the other filters', async () => {
  const fields = await store.traces.importedFields();
  expect(fields.map((f) => f.name)).toEqual(['__proto__x', 'level', 'note']);
  const values = await store.traces.facetValues(requireQuery('model:big meta.level:1'), 'meta.level', '');
  expect(values).toEqual([
    { value: '1', label: '1', count: 2, total: 2, selected: true },
    { value: '0', label: '0', count: 0, total: 3, selected: false },
  ]);
  expect(await store.traces.facetValues(requireQuery(''), 'meta.note', 'ONLY')).toMatchObject([
    { value: 'only here', count: 1 },
  ]);
});

it('[S31] a list sorts by answer and reference: numbers by value, then words, then none', async () => {
  const order = async (key: 'answer' | 'reference', descending: boolean) =>
    (
      await store.traces.page({ query: requireQuery(''), sort: { key, descending }, offset: 0, limit: 9 })
    ).rows.map((r) => r[key]);
  expect(await order('answer', false)).toEqual(['9', '30', '1,200', 'ten', null]);
  expect(await order('answer', true)).toEqual(['1,200', '30', '9', 'ten', null]);
  expect(await order('reference', false)).toEqual(['96', '97', '98', '99', '100']);
});

it('[S32] a facet marks the numbers that a range selects', async () => {
  const { facets } = await store.traces.facets(requireQuery('steps:2..3'));
  const steps = facets.find((f) => f.field === 'steps');
  expect(steps?.values.flatMap((v) => (v.selected ? v.value : []))).toEqual(['2', '3']);
});
