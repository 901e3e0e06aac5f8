import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JudgeId, ReviewId, type TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const id = (n: number) => n.toString(16).padStart(16, '0') as TraceId;
const VERSIONS = 80;

let home: string;
let store: Store;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-judges-'));
  store = await openStore(home);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const counts = async (query = ''): Promise<Map<string, [count: number, total: number]>> => {
  const values = await store.traces.facetValues(requireQuery(query), 'judge', '');
  return new Map(values.map((v) => [v.value, [v.count, v.total]]));
};
const ids = async (query: string) =>
  (
    await store.traces.page({
      query: requireQuery(query),
      sort: { key: 'arrival', descending: false },
      offset: 0,
      limit: 99,
    })
  ).rows.map((r) => r.id);

it('[S66] judges are counted and found however many there are, withdrawn verdicts left out', async () => {
  const imported = await store.imports.begin({ title: 't', mapping: {} });
  const record = (n: number) => ({
    id: id(n),
    problemId: id(100 + n),
    task: n === 1 ? 'one' : 'rest',
    prompt: `Problem ${n}`,
    reference: null,
    model: 'm',
    source: 's',
    given: null,
    answer: '1',
    steps: ['one'],
    extra: {},
  });
  await store.imports.write(imported, [1, 2, 3].map(record));
  await store.judgements.append(
    Array.from({ length: VERSIONS }, (_, n) =>
      [1, 2, 3].slice(0, 1 + (n % 3)).map((trace) => ({
        trace: id(trace),
        judge: JudgeId.parse(`critic:first@${n}`),
        scope: 'steps' as const,
        verdict: 'clean' as const,
        firstError: null,
        labels: [],
        category: null,
        confidence: null,
        rationale: '',
        evidence: [],
        version: 'v',
        imported: false,
        at: n,
      })),
    ).flat(),
  );
  const review = {
    id: ReviewId.parse('3f0c6d3e-92b1-4c4a-9b5e-000000000001'),
    trace: id(2),
    reviewer: 'ada',
    action: 'commit' as const,
    firstError: 0,
    labels: [],
    category: null,
    rationale: '',
    corrections: [],
    flagged: false,
    reason: '',
    undoes: null,
    spentMs: 1,
    blind: true,
    at: 1_000,
  };
  await store.reviews.append(review);

  const all = await counts();
  expect(all.size).toBe(VERSIONS + 1);
  for (let n = 0; n < VERSIONS; n++)
    expect(all.get(`critic:first@${n}`), `version ${n}`).toEqual([1 + (n % 3), 1 + (n % 3)]);
  expect((await counts('task:one')).get('critic:first@79')).toEqual([1, 2]);
  expect(await ids('judge:critic:first@79')).toEqual([id(1), id(2)]);
  expect(await ids('judge:human:ada')).toEqual([id(2)]);
  expect(await ids('-judge:critic:first@79')).toEqual([id(3)]);

  await store.reviews.undo({
    id: ReviewId.parse('3f0c6d3e-92b1-4c4a-9b5e-000000000002'),
    undoes: review.id,
    reviewer: 'ada',
    at: 2_000,
  });
  expect((await counts()).has('human:ada')).toBe(false);
  expect(await ids('judge:human:ada')).toEqual([]);
  const resolved = async () =>
    (await store.maintenance.doctor()).checks.find((c) => c.name.startsWith('resolved'));
  expect(await resolved()).toMatchObject({ mended: false });
});
