import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { Judgement } from '@flywheel/domain/judgement';
import type { RanOn } from '@flywheel/domain/local-run';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { ItemResult, SampledTrace } from '@flywheel/domain/run-item';
import { hexId, seededTraces } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const RAN_ON: RanOn = { backend: 'node', precision: 'fp32', adapter: null };

let home: string;
let store: Store;
let run: RunId;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-local-'));
  store = await openStore(home);
  const imported = await store.imports.begin({ title: 'seeded', mapping: {} });
  await store.imports.write(imported, seededTraces(6));
  await store.imports.finish(imported, 'done', {
    imported: 6,
    duplicates: 0,
    rejected: 0,
    rejectsFile: null,
  });
  run = await newRun('score', [0, 1, 2]);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true });
});

const newRun = async (kind: 'score' | 'sample', seqs: number[]): Promise<RunId> => {
  const about = { kind, title: kind, subject: '', fingerprint: kind, config: {} };
  const id = await store.runs.create(about);
  await store.runs.freeze(id, Uint32Array.from(seqs));
  return id;
};

const scored = (seq: number, surprisal: number[][]): ItemResult => ({
  seq,
  repetition: 0,
  state: 'done',
  local: {
    ranOn: RAN_ON,
    promptTokens: 5,
    steps: surprisal.map((own) => ({
      starts: own.map((_, i) => i),
      surprisal: own,
      rank: own.map(() => 0),
      entropy: own.map(() => 0.12345),
    })),
  },
});

const sample = (n: number, answer: string, agreement: number, right: boolean): SampledTrace => {
  const [first] = seededTraces(1);
  const trace: IngestTrace = {
    ...(first as IngestTrace),
    id: hexId(900 + n),
    model: 'tiny',
    source: 'run-9',
    given: null,
    answer,
    steps: ['I add walruses.', `A: ${answer}`],
  };
  return {
    trace,
    link: { kind: 'sample', sample: n, step: 0 },
    agreement,
    judgement: Judgement.parse({
      trace: trace.id,
      judge: 'verifier:final-answer',
      scope: 'outcome',
      verdict: right ? 'clean' : 'flawed',
      firstError: null,
      labels: [],
      category: null,
      confidence: 1,
      rationale: '',
      evidence: [],
      version: '1',
      imported: false,
      at: 1,
    }),
  };
};
const sampled = (samples: SampledTrace[], agreement: number | null): ItemResult => ({
  seq: 0,
  repetition: 0,
  state: 'done',
  local: { ranOn: RAN_ON, promptTokens: 5, samples, agreement },
});
const found = async (query: string): Promise<number[]> => [...(await store.traces.seqs(requireQuery(query)))];

it('[S70] keeps the surprise at each step, and marks the trace with that of its most surprising one', async () => {
  const kept = await store.localResults.record(run, 'tiny', [
    scored(0, [
      [1, 2],
      [3.00049, 4.5],
    ]),
    scored(1, [[0.04]]),
  ]);
  expect(kept).toMatchObject({ done: 2, failed: 0 });
  const [score] = await store.localViews.scores(hexId(1) as TraceId);
  expect(score).toMatchObject({ model: 'tiny', run, ranOn: RAN_ON, promptTokens: 5 });
  expect(score?.steps[1]).toEqual({
    starts: [0, 1],
    surprisal: [3, 4.5],
    rank: [0, 0],
    entropy: [0.123, 0.123],
  });
  expect((await store.traces.open(hexId(1) as TraceId))?.row.surprise).toBe(3.8);
  expect(await found('surprise:3.8')).toEqual([0]);
  expect(await found('surprise:0.1..')).toEqual([0]);
  expect(await found('surprise:..0')).toEqual([1]);
  expect(await found('surprise:none')).toEqual([2, 3, 4, 5]);
  const { facets } = await store.traces.facets(requireQuery(''));
  const facet = facets.find((f) => f.field === 'surprise');
  expect(facet).toMatchObject({ unit: 0.1, shape: 'columns' });
  expect(facet?.values.map((v) => [v.value, v.count])).toEqual([
    ['0.0', 1],
    ['3.8', 1],
    ['none', 4],
  ]);
});

it('[S70] a second score of a model replaces the first for readers; another model stands beside it', async () => {
  await store.localResults.record(run, 'tiny', [scored(0, [[1]])]);
  const again = await newRun('score', [0]);
  await store.localResults.record(again, 'tiny', [scored(0, [[2]])]);
  const other = await newRun('score', [0]);
  await store.localResults.record(other, 'large', [scored(0, [[0.5]])]);
  const scores = await store.localViews.scores(hexId(1) as TraceId);
  expect(scores.map((s) => [s.model, s.run])).toEqual([
    ['large', other],
    ['tiny', again],
  ]);
  expect((await store.traces.open(hexId(1) as TraceId))?.row.surprise).toBe(0.5);
});

it('[S71] written traces arrive with their outcome, descent and agreement, once, and are found by their words', async () => {
  const own = await newRun('sample', [0]);
  const samples = [sample(0, '7', 0.5, true), sample(1, '8', 0.5, false)];
  await store.localResults.record(own, 'tiny', [sampled(samples, 0.5)]);
  // Told again after a lost answer: the first stays.
  expect(await store.localResults.record(own, 'tiny', [sampled(samples, 1)])).toMatchObject({ done: 0 });
  await store.maintenance.doctor();
  expect(await found('walruses')).toEqual([6, 7]);
  expect(await found('source:run-9 outcome:right')).toEqual([6]);
  expect(await found('agreement:50')).toEqual([0, 6, 7]);
  const opened = await store.traces.open(hexId(900) as TraceId);
  expect(opened?.row).toMatchObject({ model: 'tiny', outcome: 'right', selfAgreement: 0.5, importId: null });
  expect(opened?.problem.id).toBe((await store.traces.open(hexId(1) as TraceId))?.problem.id);
  const { children } = await store.localViews.relatives(hexId(1) as TraceId);
  expect(children.map((c) => [c.trace, c.kind, c.sample, c.outcome])).toEqual([
    [hexId(900), 'sample', 0, 'right'],
    [hexId(901), 'sample', 1, 'wrong'],
  ]);
  const { parents } = await store.localViews.relatives(hexId(901) as TraceId);
  expect(parents.map((p) => p.trace)).toEqual([hexId(1)]);
  const [item] = await store.localViews.sampled(own);
  expect(item?.samples.map((s) => [s.outcome, s.answer])).toEqual([
    ['right', '7'],
    ['wrong', '8'],
  ]);
});

it('[S71] what is written is there after the store is opened again, and ids that are known are not given twice', async () => {
  const own = await newRun('sample', [0]);
  await store.localResults.record(own, 'tiny', [sampled([sample(0, '7', 1, true)], 1)]);
  await store.close();
  store = await openStore(home);
  const other = await newRun('sample', [0]);
  await store.localResults.record(other, 'tiny', [
    sampled([sample(0, '7', 1, true), sample(5, '9', 0.5, false)], 0.5),
  ]);
  expect(await found('model:tiny')).toEqual([6, 7]);
  expect(await found('walruses')).toEqual([6, 7]);
});

it('[S72] undoing the import of a trace takes its scores and its descent away; what was written for it stays', async () => {
  const own = await newRun('sample', [0]);
  await store.localResults.record(run, 'tiny', [scored(0, [[1]])]);
  await store.localResults.record(own, 'tiny', [sampled([sample(0, '7', 1, true)], 1)]);
  const [imported] = await store.imports.list();
  await store.imports.undo(imported?.id as NonNullable<typeof imported>['id']);
  expect(await found('')).toEqual([6]);
  expect((await store.localViews.relatives(hexId(900) as TraceId)).parents).toEqual([]);
  const { rows } = await store.sql.query('SELECT count(*) FROM scores', { maxRows: 1, timeoutMs: 5_000 });
  expect(Number(rows[0]?.[0])).toBe(0);
});
