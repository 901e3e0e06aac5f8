import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriticId } from '@flywheel/domain/critic';
import { type GoldSplit, splitOf } from '@flywheel/domain/gold-split';
import { JudgeId, type ProblemId, RunId, type TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const SPLITS: readonly GoldSplit[] = ['train', 'dev', 'test'];
const random = seededRandom(7);
const hex16 = () =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 65_536)
      .toString(16)
      .padStart(4, '0'),
  ).join('');
const id = (n: number) => n.toString(16).padStart(16, '0') as TraceId;
const PROBLEMS = Array.from({ length: 60 }, () => hex16() as ProblemId);
/** Two traces a problem; two in three have gold: clean, or the first error at step 1. */
const RECORDS = Array.from({ length: 120 }, (_, n) => ({
  id: id(n),
  problemId: PROBLEMS[n >> 1] as ProblemId,
  task: n % 4 < 2 ? 'sums' : 'words',
  prompt: `Problem ${n >> 1}`,
  reference: '1',
  model: 'm',
  source: 's',
  given: null,
  answer: '1',
  steps: ['one', `two of ${n}`],
  extra: {},
  ...(n % 3 === 0
    ? {}
    : { gold: { position: n % 3 === 1 ? -1 : 1, labels: [], rationale: 'as in the file' } }),
}));
const GOLD = RECORDS.filter((r) => r.gold);

let home: string;
let store: Store;
const draw = (split: GoldSplit, more: { tasks?: string[]; limit?: number; seed?: number } = {}) =>
  store.gold.traces({ split, limit: 1_000, seed: 1, ...more });

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-gold-'));
  store = await openStore(home);
  const imported = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(imported, RECORDS);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S53] every gold trace is in the split of its problem, and in no other', async () => {
  for (const split of SPLITS) {
    const expected = GOLD.filter((r) => splitOf(r.problemId) === split).map((r) => r.id);
    const drawn = await draw(split);
    expect(drawn.map((g) => g.trace.id).sort(), split).toEqual(expected.sort());
    expect(drawn.every((g) => splitOf(g.problem) === split)).toBe(true);
  }
  expect(await store.gold.counts(requireQuery('task:sums'))).toEqual({
    ...Object.fromEntries(
      SPLITS.map((split) => [
        split,
        GOLD.filter((r) => r.task === 'sums' && splitOf(r.problemId) === split).length,
      ]),
    ),
    flawed: GOLD.filter((r) => r.task === 'sums' && r.gold?.position === 1).length,
    clean: GOLD.filter((r) => r.task === 'sums' && r.gold?.position === -1).length,
  });
});

it('[S53] a draw is repeatable, another seed draws otherwise, and a smaller draw is the beginning of a larger one', async () => {
  const of = async (seed: number, limit = 1_000) =>
    (await draw('train', { seed, limit })).map((g) => g.trace.id);
  expect(await of(1)).toEqual(await of(1));
  expect(await of(2)).not.toEqual(await of(1));
  expect(await of(1, 5)).toEqual((await of(1)).slice(0, 5));
  const words = await draw('train', { tasks: ['words', 'nothing'] });
  expect(words.length).toBeGreaterThan(0);
  expect(words.every((g) => g.trace.task === 'words')).toBe(true);
  expect(await draw('train', { tasks: ['nothing'] })).toEqual([]);
});

it('[S53] gold is the newest human verdict: a reviewer speaks before the file, models never', async () => {
  const [one] = await draw('dev', { limit: 1 });
  const trace = one?.trace.id as TraceId;
  expect(one).toMatchObject({ rationale: 'as in the file', category: null });
  const say = (judge: string, more: Partial<Judgement>): Judgement => ({
    trace,
    judge: JudgeId.parse(judge),
    scope: 'steps',
    verdict: 'flawed',
    firstError: 0,
    labels: [],
    category: 'sign',
    confidence: null,
    rationale: '',
    evidence: [],
    version: '1',
    imported: false,
    at: 5,
    ...more,
  });
  await store.judgements.append([
    say('human:ada', { rationale: 'from ada', at: 9 }),
    say('human:bob', { rationale: 'from bob', firstError: 1, at: 7 }),
    say('critic:a@1', { category: 'unit', at: 99 }),
  ]);
  const [again] = await draw('dev', { limit: 1 });
  expect(again).toMatchObject({ trace: { id: trace }, gold: 0, category: 'sign', rationale: 'from ada' });
});

it('[S53] each look at the test split is noted', async () => {
  const critic = CriticId.parse('first-error');
  expect(await store.gold.testUses(critic)).toEqual([]);
  await store.gold.noteTestUse({ critic, version: 1, run: RunId.parse(4) });
  await store.gold.noteTestUse({ critic, version: 2, run: null });
  await store.gold.noteTestUse({ critic: CriticId.parse('other'), version: 1, run: null });
  const uses = await store.gold.testUses(critic);
  expect(uses).toHaveLength(2);
  expect(uses).toContainEqual({ version: 1, run: 4, at: expect.any(Number) });
});
