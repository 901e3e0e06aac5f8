import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMPORTED_GOLD, JudgeId, ReviewId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Review } from '@flywheel/domain/review';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const hex = (n: number) => n.toString(16).padStart(16, '0');
const record = (n: number, more: Partial<IngestTrace> = {}): IngestTrace => ({
  id: hex(n),
  problemId: hex(1000 + (n % 3)),
  task: n % 2 ? 'gsm8k' : 'dyck',
  prompt: `Problem ${n % 3}: how many ducks are left?`,
  reference: '18',
  model: `model-${n % 2}`,
  source: 'test',
  given: n % 2 ? 'wrong' : 'right',
  answer: String(n),
  steps: [`She eats ${n} eggs`, `${n} * 2 = ${n * 2}`, 'So the remaining total is 9'],
  extra: { level: n % 4 },
  ...more,
});
const verdict = (n: number, firstError: number | null, judge = 'verifier:calc-annotations'): Judgement => ({
  trace: hex(n) as TraceId,
  judge: JudgeId.parse(judge),
  scope: 'steps',
  verdict: firstError === null ? 'clean' : 'flawed',
  firstError,
  labels: firstError === null ? [1, 1, 1] : [1, -1, null],
  category: firstError === null ? null : 'arithmetic',
  confidence: 1,
  rationale: firstError === null ? '' : 'the multiplication overflows',
  evidence: [],
  version: '1',
  imported: false,
  at: n,
});
const review = (n: number, more: Partial<Review> = {}): Review => ({
  id: ReviewId.parse('3f0c6d3e-92b1-4c4a-9b5e-000000000001'),
  trace: hex(n) as TraceId,
  reviewer: 'ada',
  action: 'commit',
  firstError: 0,
  labels: [-1, null, null],
  category: 'misread',
  rationale: 'not eggs',
  corrections: [],
  flagged: true,
  reason: '',
  undoes: null,
  spentMs: 1200,
  blind: true,
  at: 1_000_000,
  ...more,
});
const ALL = { sort: { key: 'arrival', descending: false } as const, offset: 0, limit: 100 };

let home: string;
let store: Store;
const load = async (records: IngestTrace[]) => {
  const id = await store.imports.begin({ title: 'test', mapping: {} });
  const counts = await store.imports.write(id, records);
  await store.imports.finish(id, 'done', { ...counts, rejected: 0, rejectsFile: null });
  return { id, ...counts };
};
const ids = async (query: string) =>
  (await store.traces.page({ query: requireQuery(query), ...ALL })).rows.map((r) =>
    Number.parseInt(r.id, 16),
  );

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-store-'));
  store = await openStore(home);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

describe('import', () => {
  it('[S1] keeps a record once, whatever is imported again, and over a restart', async () => {
    expect(await load([1, 2, 3].map((n) => record(n)))).toMatchObject({ imported: 3, duplicates: 0 });
    expect(await load([2, 3, 4].map((n) => record(n)))).toMatchObject({ imported: 1, duplicates: 2 });
    await store.close();
    store = await openStore(home);
    expect(await load([4, 5].map((n) => record(n)))).toMatchObject({ imported: 1, duplicates: 1 });
    expect(await ids('')).toEqual([1, 2, 3, 4, 5]);
  });

  it('[S2] traces of one prompt meet at one problem', async () => {
    await load([0, 1, 2, 3].map((n) => record(n)));
    const detail = await store.traces.open(hex(3) as TraceId);
    expect(detail?.siblings.map((s) => s.id)).toEqual([hex(0)]);
    expect(detail?.extra).toEqual({ level: 3 });
    expect(detail?.steps[1]).toBe('3 * 2 = 6');
  });

  it('[S3] an imported label is a human judgement marked as imported, and the flaw', async () => {
    await load([
      record(1, { gold: { position: 1, labels: [1, -1, null] } }),
      record(2, { gold: { position: -1, labels: [] } }),
    ]);
    const [row, clean] = (await store.traces.page({ query: requireQuery(''), ...ALL })).rows;
    expect(row).toMatchObject({ firstError: 1, flawKind: 'human', strip: '+-.', reviewed: false });
    expect(clean?.firstError).toBe(-1);
    expect((await store.traces.open(hex(1) as TraceId))?.judgements).toMatchObject([
      { judge: IMPORTED_GOLD, imported: true, firstError: 1 },
    ]);
  });

  it('[S4] undoing an import takes its traces, never the work of a reviewer', async () => {
    await load([record(1)]);
    const second = await load([record(2), record(3)]);
    expect(await store.imports.undo(second.id)).toEqual({ removed: 2 });
    expect(await ids('')).toEqual([1]);
    const third = await load([record(2)]);
    expect(await ids('"eats 2 eggs"')).toEqual([2]);
    await store.reviews.append(review(2));
    await expect(store.imports.undo(third.id)).rejects.toThrow('1 reviews');
  });
});

describe('queries', () => {
  beforeEach(() => load(Array.from({ length: 12 }, (_, n) => record(n))));

  it.each([
    ['task:gsm8k', [1, 3, 5, 7, 9, 11]],
    ['-task:gsm8k outcome:right steps:2..3', [0, 2, 4, 6, 8, 10]],
    ['task:nothing', []],
    ['meta.level:3', [3, 7, 11]],
    ['problem:dyck/0', [0, 3, 6, 9]],
    ['error:none id:0000000000000004', [4]],
    ['"eats 1 eggs"', [1]],
    ['ducks remain* 22', [11]],
    ['"eats 1 eggs" OR "eats 2 eggs"', [1, 2]],
    ['-remaining', []],
    ['22 -task:gsm8k', []],
  ])('[S5] %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('[S6] a facet respects every filter but its own, and keeps its other values', async () => {
    const { matched, total, facets } = await store.traces.facets(requireQuery('task:gsm8k'));
    expect({ matched, total }).toEqual({ matched: 6, total: 12 });
    expect(facets.find((f) => f.field === 'task')?.values).toMatchObject([
      { value: 'gsm8k', count: 6, total: 6, selected: true },
      { value: 'dyck', count: 6, total: 6, selected: false },
    ]);
    expect(facets.find((f) => f.field === 'outcome')?.values).toMatchObject([
      { value: 'wrong', count: 6 },
      { value: 'right', count: 0, total: 6 },
    ]);
  });

  it('[S7] a judgement moves the resolved flaw, and its rationale is searched', async () => {
    await store.judgements.append([verdict(4, 1), verdict(5, null)]);
    expect(await ids('error:1')).toEqual([4]);
    expect(await ids('overflows')).toEqual([4]);
    expect(await ids('judge:verifier:calc-annotations error:clean')).toEqual([5]);
    await store.judgements.append([{ ...verdict(4, null), at: 99 }]);
    expect(await ids('error:1')).toEqual([]);
  });

  it('[S67] a judge is asked for by its own newest verdict, whatever the flaw came to', async () => {
    const critic = (n: number, at: number | null) => verdict(n, at, 'critic:first@2');
    await store.judgements.append([
      verdict(4, 1),
      verdict(5, null),
      critic(4, null),
      critic(5, 0),
      critic(6, 0),
    ]);
    expect(await ids('flawedby:critic:first@2')).toEqual([5, 6]);
    expect(await ids('cleanby:critic:first@2')).toEqual([4]);
    expect(await ids('flawedby:verifier:calc-annotations cleanby:critic:first@2')).toEqual([4]);
    expect(await ids('judge:critic:first@2 -flawedby:critic:first@2 -cleanby:nobody')).toEqual([4]);
    await store.judgements.append([{ ...critic(6, null), at: 99 }]);
    expect(await ids('flawedby:critic:first@2')).toEqual([5]);
    expect(await store.traces.facetValues(requireQuery('id:0000000000000005'), 'flawedby', '')).toMatchObject(
      [
        { value: 'critic:first@2', count: 1, total: 1 },
        { value: 'verifier:calc-annotations', count: 0, total: 1 },
      ],
    );
    await store.reviews.append(review(4));
    expect(await ids('flawedby:human:ada,human:bob')).toEqual([4]);
  });

  it('[S8] a review is kept once, beats the verifier, and can be undone', async () => {
    await store.judgements.append([verdict(4, 1)]);
    expect(await store.reviews.append(review(4))).toEqual({ kept: true });
    expect(await store.reviews.append(review(4))).toEqual({ kept: false });
    expect(await ids('reviewed:yes flagged:yes conflict:yes error:0')).toEqual([4]);
    expect(
      await store.reviews.queue({ query: requireQuery('task:dyck'), reviewer: 'ada', limit: 9 }),
    ).not.toContain(hex(4));
    await store.reviews.undo({
      id: ReviewId.parse('3f0c6d3e-92b1-4c4a-9b5e-000000000002'),
      undoes: review(4).id,
      reviewer: 'ada',
      at: 2_000_000,
    });
    expect(await ids('error:1 reviewed:no flagged:no conflict:no')).toEqual([4]);
    expect(await store.reviews.queue({ query: requireQuery(''), reviewer: 'ada', limit: 99 })).toContain(
      hex(4),
    );
  });

  it('[S9] a bulk act changes all that matches and is taken back exactly', async () => {
    await store.tags.tag(requireQuery('id:0000000000000001'), 'hard', true);
    const { act, changed } = await store.tags.tag(requireQuery('task:gsm8k'), 'hard', true);
    expect(changed).toBe(5);
    expect(await ids('tag:hard')).toHaveLength(6);
    await store.tags.undo(act);
    expect(await ids('tag:hard')).toEqual([1]);
  });

  it('[S10] sorts and pages; every row can be located', async () => {
    const sort = { key: 'model', descending: true } as const;
    const { rows, total } = await store.traces.page({ query: requireQuery(''), sort, offset: 5, limit: 3 });
    expect(total).toBe(12);
    expect(rows.map((r) => Number.parseInt(r.id, 16))).toEqual([11, 0, 2]);
    expect(await store.traces.locate({ query: requireQuery(''), sort, id: hex(0) as TraceId })).toBe(6);
  });

  it('[S11] a run resumes with what has no result', async () => {
    const id = await store.runs.create({
      kind: 'verify',
      title: 't',
      subject: '',
      fingerprint: 'f',
      config: { a: 1 },
    });
    await store.runs.freeze(id, Uint32Array.of(0, 1, 2));
    await store.runs.record(id, [{ seq: 1, repetition: 0, state: 'done' }]);
    await store.runs.record(id, [
      { seq: 1, repetition: 0, state: 'failed', error: 'x' },
      { seq: 2, repetition: 0, state: 'failed', error: 'y' },
    ]);
    expect(await store.runs.missing(id, 10)).toEqual([{ seq: 0, repetition: 0 }]);
    expect(await store.runs.get(id)).toMatchObject({ state: 'queued', total: 3, config: { a: 1 } });
  });

  it('[S12] doctor finds nothing wrong; a backup opens as a workspace of its own', async () => {
    await store.judgements.append([verdict(4, 1)]);
    const { checks } = await store.maintenance.doctor();
    expect(checks.filter((c) => !c.ok)).toEqual([]);
    expect(checks.find((c) => c.name.startsWith('resolved'))).toMatchObject({ mended: false });
    const folder = join(home, 'backups', 'one');
    await store.maintenance.backup(folder);
    const copy = await openStore(folder);
    expect((await copy.traces.page({ query: requireQuery('overflows'), ...ALL })).total).toBe(1);
    await copy.close();
  });
});
