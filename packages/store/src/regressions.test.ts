import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportId, JudgeId, ReviewId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Review } from '@flywheel/domain/review';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const hex = (n: number) => n.toString(16).padStart(16, '0') as TraceId;
const record = (n: number, more: Partial<IngestTrace> = {}): IngestTrace => ({
  id: hex(n),
  problemId: hex(1_000 + n),
  task: 'sums',
  prompt: `Question ${n}`,
  reference: null,
  model: 'm',
  source: 's',
  given: 'wrong',
  answer: '1',
  steps: ['one', 'two'],
  extra: {},
  ...more,
});
/** A record that the database refuses: every problem has a prompt. */
const broken = (n: number): IngestTrace => record(n, { answer: 5 as unknown as string });
const verdict = (n: number, more: Partial<Judgement> = {}): Judgement => ({
  trace: hex(n),
  judge: JudgeId.parse('critic:a'),
  scope: 'steps',
  verdict: 'flawed',
  firstError: 1,
  labels: [1, -1],
  category: null,
  confidence: null,
  rationale: '',
  evidence: [],
  version: '1',
  imported: false,
  at: 1,
  ...more,
});
const review = (n: number, trace: number, more: Partial<Review> = {}): Review => ({
  id: ReviewId.parse(`3f0c6d3e-92b1-4c4a-9b5e-${String(n).padStart(12, '0')}`),
  trace: hex(trace),
  reviewer: 'ada',
  action: 'commit',
  firstError: 0,
  labels: [-1, null],
  category: null,
  rationale: '',
  corrections: [],
  flagged: false,
  reason: '',
  undoes: null,
  spentMs: 1,
  blind: true,
  at: n,
  ...more,
});

let home: string;
let store: Store;
const begin = (): Promise<ImportId> => store.imports.begin({ title: 'test', mapping: {} });
const load = async (records: IngestTrace[]): Promise<ImportId> => {
  const id = await begin();
  const counts = await store.imports.write(id, records);
  await store.imports.finish(id, 'done', { ...counts, rejected: 0, rejectsFile: null });
  return id;
};
const reopen = async (): Promise<void> => {
  await store.close();
  store = await openStore(home);
};
const ids = async (query: string): Promise<number[]> => {
  const sort = { key: 'arrival', descending: false } as const;
  const { rows } = await store.traces.page({ query: requireQuery(query), sort, offset: 0, limit: 999 });
  return rows.map((r) => Number.parseInt(r.id, 16));
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-regressions-'));
  store = await openStore(home);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S38] a judgement after an undone import takes no number that the import had: search finds no ghosts', async () => {
  await load([record(1)]);
  const second = await load([record(2), record(3)]);
  await store.judgements.append([verdict(2, { rationale: 'ghost' }), verdict(3, { rationale: 'ghost too' })]);
  expect(await ids('ghost')).toEqual([2, 3]);
  await store.imports.undo(second);
  await store.judgements.append([verdict(1, { rationale: 'living' })]);
  const expectRight = async () => {
    expect(await ids('ghost')).toEqual([]);
    expect(await ids('living')).toEqual([1]);
  };
  await expectRight();
  await reopen();
  await expectRight();
  // The same traces come back as new rows, without what was said of the old ones.
  await load([record(2), record(3)]);
  await expectRight();
  await store.judgements.append([verdict(3, { rationale: 'risen' })]);
  expect(await ids('risen')).toEqual([3]);
  await store.maintenance.doctor();
  await expectRight();
});

it('[S38] two undone imports, the later one first, leave no row number to be given again', async () => {
  const first = await load([record(1, { steps: ['early bird'] }), record(2)]);
  const second = await load([record(3, { steps: ['late bird'] }), record(4)]);
  await store.imports.undo(second);
  await reopen();
  await store.imports.undo(first);
  await load([record(5), record(6), record(7), record(8)]);
  expect(await ids('bird')).toEqual([]);
  expect(await ids('one')).toEqual([5, 6, 7, 8]);
  await reopen();
  expect(await ids('bird')).toEqual([]);
});

it('[S39] a batch that fails leaves nothing known: the same records in a write behind it are new', async () => {
  await load([record(1)]);
  const id = await begin();
  const [bad, good, last] = await Promise.allSettled([
    store.imports.write(id, [record(2, { task: 'unheard', model: 'unheard' }), record(3), broken(4)]),
    store.imports.write(id, [record(2, { task: 'unheard', model: 'unheard' }), record(3), record(1)]),
    store.imports.write(id, [record(3), record(4, { task: 'later' })]),
  ]);
  expect(bad?.status).toBe('rejected');
  expect(good).toEqual({ status: 'fulfilled', value: { imported: 2, duplicates: 1 } });
  expect(last).toEqual({ status: 'fulfilled', value: { imported: 1, duplicates: 1 } });
  expect(await ids('')).toEqual([1, 2, 3, 4]);
  expect(await ids('task:unheard')).toEqual([2]);
  await reopen();
  expect(await ids('task:unheard model:unheard')).toEqual([2]);
  expect(await ids('task:later')).toEqual([4]);
});

it('[S39] overlapping writes keep each record once and count it once', async () => {
  const id = await begin();
  const batches = Array.from({ length: 8 }, (_, b) =>
    Array.from({ length: 50 }, (_, i) => record(b * 30 + i)),
  );
  const counts = await Promise.all(batches.map((b) => store.imports.write(id, b)));
  expect(counts.reduce((sum, c) => sum + c.imported, 0)).toBe(260);
  expect(counts.reduce((sum, c) => sum + c.duplicates, 0)).toBe(140);
  expect(await ids('')).toHaveLength(260);
  expect(await ids('one')).toHaveLength(260);
});

it('[S40] an import beside an undo: what goes and what comes do not touch each other', async () => {
  const first = await load([record(1), record(2), record(3)]);
  const second = await begin();
  const writes = [[record(4)], [record(2), record(5)], [record(3), record(6)]];
  const [a, undone, b, c] = await Promise.all([
    store.imports.write(second, writes[0] as IngestTrace[]),
    store.imports.undo(first),
    store.imports.write(second, writes[1] as IngestTrace[]),
    store.imports.write(second, writes[2] as IngestTrace[]),
  ]);
  expect([a, b, c].map((r) => r.imported)).toEqual([1, 2, 2]);
  expect(undone).toEqual({ removed: 3 });
  await store.imports.finish(second, 'done', null);
  expect((await store.imports.list()).map((i) => [i.state, i.imported])).toEqual([
    ['done', 5],
    ['undone', 3],
  ]);
  const wanted = [4, 2, 5, 3, 6];
  expect(await ids('')).toEqual(wanted);
  expect(await ids('two')).toEqual(wanted);
  await reopen();
  expect(await ids('one')).toEqual(wanted);
  expect((await store.maintenance.doctor()).checks.filter((check) => !check.ok)).toEqual([]);
});

it('[S41] a judgement that fails leaves no name behind: its judge can speak again, over a restart too', async () => {
  await load([record(1)]);
  const judge = JudgeId.parse('critic:new');
  const bad = store.judgements.append([verdict(1, { judge, version: null as unknown as string })]);
  await expect(bad).rejects.toThrow();
  await store.judgements.append([verdict(1, { judge })]);
  expect(await ids('judge:critic:new')).toEqual([1]);
  await reopen();
  expect(await ids('judge:critic:new')).toEqual([1]);
  expect((await store.traces.open(hex(1)))?.judgements).toMatchObject([{ judge: 'critic:new' }]);
});

it('[S42] every rationale is found at once and over a restart: of judges, reviewers and imported labels', async () => {
  const gold = { position: 1, labels: [1, -1] as (1 | -1)[], rationale: 'golden words' };
  await load([record(1, { gold }), record(2), record(3)]);
  await store.reviews.append(review(1, 2, { rationale: 'reviewed words' }));
  await store.judgements.append([verdict(3, { rationale: 'judged words' })]);
  const expectFound = async () => {
    expect(await ids('golden')).toEqual([1]);
    expect(await ids('reviewed')).toEqual([2]);
    expect(await ids('words')).toEqual([1, 2, 3]);
  };
  await expectFound();
  await reopen();
  await expectFound();
});

it('[S43] a tag that is given again before its removal is undone counts once', async () => {
  await load([record(1), record(2)]);
  const all = requireQuery('');
  await store.tags.tag(all, 'hard', true);
  const { act } = await store.tags.tag(all, 'hard', false);
  await store.tags.tag(requireQuery(`id:${hex(1)}`), 'hard', true);
  await store.tags.undo(act);
  expect(await store.tags.list()).toEqual([{ tag: 'hard', n: 2 }]);
  const { facets } = await store.traces.facets(requireQuery('tag:hard'));
  expect(facets.find((f) => f.field === 'tag')?.values).toMatchObject([
    { value: 'hard', count: 2, total: 2 },
  ]);
});

it('[S8] an undone review leaves the flag to whoever else set it', async () => {
  await load([record(1), record(2)]);
  const undo = (n: number, of: number, reviewer: string) =>
    store.reviews.undo({ id: review(n, 1).id, undoes: review(of, 1).id, reviewer, at: n });
  // A bulk act before the review, and one after it.
  await store.tags.flag(requireQuery('id:0000000000000001'), true);
  await store.reviews.append(review(1, 1, { flagged: false }));
  expect(await ids('flagged:yes')).toEqual([]);
  await undo(2, 1, 'ada');
  expect(await ids('flagged:yes')).toEqual([1]);
  await store.reviews.append(review(3, 2, { flagged: false }));
  const { act } = await store.tags.flag(requireQuery('id:0000000000000002'), true);
  await undo(4, 3, 'ada');
  expect(await ids('flagged:yes')).toEqual([1, 2]);
  await store.tags.undo(act);
  // Another reviewer.
  await store.reviews.append(review(5, 2, { flagged: true }));
  await store.reviews.append(review(6, 2, { flagged: true, reviewer: 'bob' }));
  await undo(7, 5, 'ada');
  expect(await ids('flagged:yes')).toEqual([1, 2]);
  await undo(8, 6, 'bob');
  expect(await ids('flagged:yes')).toEqual([1]);
});

it('[S44] nothing to do is no error: an empty slice is flagged, an empty queue asked, an undone review gone', async () => {
  await load([record(1)]);
  expect(await store.tags.flag(requireQuery('task:nothing'), true)).toMatchObject({ changed: 0 });
  await store.reviews.append(review(1, 1));
  expect(await store.reviews.queue({ query: requireQuery(''), reviewer: 'ada', limit: 5 })).toEqual([]);
  expect(await ids('reviewer:ada')).toEqual([1]);
  await store.reviews.undo({ id: review(2, 1).id, undoes: review(1, 1).id, reviewer: 'ada', at: 3 });
  expect(await ids('reviewer:ada')).toEqual([]);
  expect(await store.reviews.queue({ query: requireQuery(''), reviewer: 'ada', limit: 5 })).toEqual([hex(1)]);
});
