import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportId, JudgeId, type RunId, type TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { ItemResult } from '@flywheel/domain/run-item';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const id = (n: number) => n.toString(16).padStart(16, '0') as TraceId;
const record = (n: number) => ({
  id: id(n),
  problemId: id(1_000 + n),
  task: 'sums',
  prompt: `Problem ${n}`,
  reference: null,
  model: 'm',
  source: 's',
  given: null,
  answer: '1',
  steps: ['one', 'two'],
  extra: {},
});

let home: string;
let store: Store;
let imported: ImportId;
let run: RunId;

/** What an answer came to: the first error at `position`, -1 clean, null when it did not parse. */
const answered = (
  seq: number,
  repetition: number,
  position: number | null,
  more: Partial<NonNullable<ItemResult['answer']>> = {},
): ItemResult => {
  const answer = {
    key: (seq * 100 + repetition).toString(16).padStart(64, '0'),
    position,
    category: null,
    confidence: 0.5,
    rationale: position === null ? '' : `found in ${repetition}`,
    cached: false,
    inputTokens: 100,
    outputTokens: 10,
    cost: 0.25,
    modelMs: 20,
    queueMs: 2,
    attempts: 1,
    ...more,
  };
  if (position === null)
    return {
      seq,
      repetition,
      state: 'failed',
      cause: 'parse',
      error: 'no JSON',
      detail: { raw: 'eh' },
      answer,
    };
  const judgement = {
    trace: id(seq),
    judge: JudgeId.parse('critic:first@1'),
    scope: 'steps' as const,
    verdict: position === -1 ? ('clean' as const) : ('flawed' as const),
    firstError: position === -1 ? null : position,
    labels: [],
    category: null,
    confidence: 0.5,
    rationale: `found in ${repetition}`,
    evidence: [],
    version: 'v',
    imported: false,
    at: 1_000 + seq,
  };
  return { seq, repetition, state: 'done', answer, ...(repetition === 0 ? { judgement } : {}) };
};
const failed = (seq: number, repetition: number, attempts: number): ItemResult => ({
  seq,
  repetition,
  state: 'failed',
  cause: 'timeout',
  error: 'The provider took too long.',
  detail: { attempts, status: null },
});
const missing = async (limit = 100) =>
  (await store.runs.missing(run, limit)).map((i) => `${i.seq}.${i.repetition}`);
const of = (seqs: number[], repetition: number) => seqs.map((seq) => `${seq}.${repetition}`);

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-store-runs-'));
  store = await openStore(home);
  imported = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(
    imported,
    [0, 1, 2, 3].map((n) => record(n)),
  );
  const second = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(
    second,
    [4, 5].map((n) => record(n)),
  );
  run = await store.runs.create({ kind: 'critique', title: 't', subject: '', fingerprint: 'f', config: {} });
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S60] items are done by repetition, then in order of arrival; each keeps its first result', async () => {
  expect(await missing()).toEqual([]);
  await store.runs.freeze(run, Uint32Array.of(1, 2, 4), 2);
  expect(await missing()).toEqual([...of([1, 2, 4], 0), ...of([1, 2, 4], 1)]);
  expect(await missing(4)).toEqual([...of([1, 2, 4], 0), '1.1']);
  const kept = await store.runs.record(run, [
    answered(2, 0, 1),
    answered(1, 1, -1),
    answered(2, 0, -1),
    answered(3, 0, 0),
    answered(1, 0, -1),
  ]);
  expect(kept).toEqual({ done: 3, failed: 0, skipped: 0, flawed: 1 });
  expect(await store.runs.record(run, [answered(2, 0, 0)])).toMatchObject({ done: 0 });
  expect(await missing()).toEqual(['4.0', ...of([2, 4], 1)]);
  expect(await store.runs.tally(run)).toEqual({ total: 6, done: 3, failed: 0, skipped: 0, flawed: 1 });
  expect(await store.runAnswers.one(run, id(2), 0)).toMatchObject({ position: 1, rationale: 'found in 0' });
  expect(await store.runAnswers.one(run, id(3), 0)).toBeNull();
  expect([...(await store.runs.itemSeqs(run))]).toEqual([1, 2, 4]);
});

it('[S60] only the first repetition speaks for the trace', async () => {
  await store.runs.freeze(run, Uint32Array.of(1), 2);
  await store.runs.record(run, [answered(1, 1, 0)]);
  const error = async () => (await store.traces.open(id(1)))?.row.firstError;
  expect(await error()).toBeNull();
  await store.runs.record(run, [answered(1, 0, 1)]);
  expect(await error()).toBe(1);
});

it('[S61] items that come in later, and failed ones that are opened again, are found wherever they stand', async () => {
  await store.runs.freeze(run, Uint32Array.of(2, 3), 2);
  await store.runs.record(run, [
    answered(2, 0, -1),
    failed(3, 0, 6),
    answered(2, 1, -1),
    answered(3, 1, null),
  ]);
  expect(await missing()).toEqual([]);
  expect(await store.runs.addItems(run, Uint32Array.of(0, 2), 'g')).toBe(1);
  expect(await missing()).toEqual(['0.0', '0.1']);
  expect(await store.runs.get(run)).toMatchObject({ total: 6, fingerprint: 'g' });
  expect(await store.runs.reopen(run, { state: 'queued' }, { cause: 'quota' })).toBe(0);
  expect(await store.runs.reopen(run, { state: 'running' }, { cause: 'timeout' })).toBe(1);
  expect(await missing()).toEqual([...of([0, 3], 0), '0.1']);
  expect(await store.runs.reopen(run, {}, { trace: id(3) })).toBe(1);
  expect(await missing()).toEqual([...of([0, 3], 0), ...of([0, 3], 1)]);
  expect(await store.runs.get(run)).toMatchObject({ state: 'running' });
  await store.close();
  store = await openStore(home);
  expect(await missing(3)).toEqual([...of([0, 3], 0), '0.1']);
});

it('[S62] what was paid for stays counted, also where a retry throws the answer away', async () => {
  await store.runs.freeze(run, Uint32Array.of(0, 1, 2, 3), 1);
  await store.runs.record(run, [
    answered(0, 0, -1, { attempts: 2 }),
    answered(1, 0, null),
    answered(2, 0, 1, { cached: true, cost: 0 }),
    failed(3, 0, 6),
  ]);
  const spent = { calls: 9, cached: 1, parseFailures: 1, inputTokens: 200, outputTokens: 20, cost: 0.5 };
  expect(await store.runs.spend(run)).toEqual(spent);
  await store.runs.reopen(run, {});
  expect(await store.runs.spend(run)).toEqual({ ...spent, parseFailures: 0 });
  await store.runs.record(run, [answered(1, 0, null), answered(3, 0, 0, { cost: null })]);
  await store.runs.reopen(run, {});
  expect(await store.runs.spend(run)).toEqual({
    calls: 11,
    cached: 1,
    parseFailures: 0,
    inputTokens: 400,
    outputTokens: 40,
    cost: 0.75,
  });
});

it('[S63] answers are paged by what they came to; failures are grouped by cause and keep their detail', async () => {
  await store.runs.freeze(run, Uint32Array.of(0, 1, 2, 3), 1);
  await store.runs.record(run, [
    answered(0, 0, -1),
    answered(1, 0, 1),
    answered(2, 0, null),
    failed(3, 0, 6),
  ]);
  const page = async (filter: 'all' | 'flawed' | 'clean' | 'failed' | 'parse') => {
    const { total, items } = await store.runAnswers.page(run, { filter, offset: 0, limit: 3 });
    return [total, items.map((i) => Number.parseInt(i.trace, 16))];
  };
  expect(await page('all')).toEqual([4, [0, 1, 2]]);
  expect(await page('clean')).toEqual([1, [0]]);
  expect(await page('flawed')).toEqual([1, [1]]);
  expect(await page('failed')).toEqual([2, [2, 3]]);
  expect(await page('parse')).toEqual([1, [2]]);
  const timeouts = await store.runAnswers.page(run, {
    filter: 'failed',
    cause: 'timeout',
    offset: 0,
    limit: 3,
  });
  expect([timeouts.total, timeouts.items.map((i) => i.trace)]).toEqual([1, [id(3)]]);
  expect(await store.runAnswers.causes(run)).toEqual([
    { cause: 'parse', count: 1, example: 'no JSON' },
    { cause: 'timeout', count: 1, example: 'The provider took too long.' },
  ]);
  expect(await store.runAnswers.one(run, id(3), 0)).toMatchObject({
    state: 'failed',
    cause: 'timeout',
    key: null,
    detail: { attempts: 6, status: null },
  });
});

it('[S63] of what a provider sent with a failure, 64 kB are kept', async () => {
  await store.runs.freeze(run, Uint32Array.of(0), 1);
  await store.runs.record(run, [{ ...failed(0, 0, 1), detail: { raw: 'x'.repeat(1_000_000), status: 500 } }]);
  const one = await store.runAnswers.one(run, id(0), 0);
  expect(one?.detail).toEqual({ raw: `${'x'.repeat(65_536)}… (cut: 1000000 characters)`, status: 500 });
});

it('[S64] an import that is undone takes its items, results and answers out of runs', async () => {
  await store.runs.freeze(run, Uint32Array.of(3, 4), 2);
  await store.runs.record(run, [answered(3, 0, 1), answered(4, 0, 1)]);
  await store.imports.undo(imported);
  expect(await store.runs.tally(run)).toMatchObject({ total: 2, done: 1 });
  expect(await missing()).toEqual(['4.1']);
  expect((await store.runAnswers.page(run, { filter: 'all', offset: 0, limit: 9 })).total).toBe(1);
  expect(await store.runs.record(run, [answered(3, 1, 1)])).toMatchObject({ done: 0 });
  expect(
    (
      await store.traces.page({
        query: requireQuery('judge:critic:first@1'),
        sort: { key: 'arrival', descending: false },
        offset: 0,
        limit: 9,
      })
    ).total,
  ).toBe(1);
});

it('[S65] a report is kept with its run, and replaced whole', async () => {
  expect(await store.runAnswers.report(run)).toBeNull();
  await store.runAnswers.saveReport(run, { classes: [1, 2] });
  await store.runAnswers.saveReport(run, { classes: [] });
  await store.close();
  store = await openStore(home);
  expect(await store.runAnswers.report(run)).toEqual({ classes: [] });
});
