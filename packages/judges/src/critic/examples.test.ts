import { splitOf } from '@flywheel/domain/gold-split';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { ProblemId, TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { pickExamples } from './examples.ts';

const hex = (n: number): string => n.toString(16).padStart(16, '0');
const goldTrace = (i: number): GoldTrace => ({
  trace: {
    seq: i,
    id: hex(i) as TraceId,
    problem: hex(i % 100) as ProblemId,
    task: i % 2 ? 'sums' : 'brackets',
    model: 'm',
    prompt: `Problem ${i % 100}`,
    reference: null,
    answer: null,
    given: null,
    steps: ['a', 'b', 'c'],
  },
  problem: hex(i % 100) as ProblemId,
  gold: i % 3 === 0 ? 'clean' : i % 3 === 1 ? 1 : i % 7 === 0 ? 'unlocated' : 2,
  category: null,
  rationale: '',
});
const GOLD = Array.from({ length: 300 }, (_, i) => goldTrace(i));
const promptsOf = (split: string): Set<string> =>
  new Set(GOLD.filter((g) => splitOf(g.problem) === split).map((g) => g.trace.prompt));

it('[J40] examples come from the train split, of other problems, one a problem, with a place that is known', () => {
  const [train, others] = [promptsOf('train'), promptsOf('test')];
  for (const { trace } of GOLD) {
    const picked = pickExamples({ n: 6, seed: 1, from: 'any' }, trace, GOLD);
    expect(picked.length).toBe(6);
    expect(picked.every((e) => train.has(e.prompt) && !others.has(e.prompt))).toBe(true);
    expect(picked.map((e) => e.prompt)).not.toContain(trace.prompt);
    expect(new Set(picked.map((e) => e.prompt)).size).toBe(6);
    expect(picked.filter((e) => e.firstError === null).length).toBe(3);
  }
});

it('[J40] never the judged problem: not by its id, and not under another id with the same text', () => {
  const same = goldTrace(4);
  const judged = { ...same.trace, id: hex(999) as TraceId };
  const of = (more: Partial<GoldTrace['trace']>): GoldTrace[] => {
    const trace = { ...same.trace, ...more };
    return GOLD.slice(0, 100)
      .map((g, i) => ({ ...g, gold: 1, trace: { ...trace, id: hex(1_000 + i) as TraceId } }) as GoldTrace)
      .map((g) => ({ ...g, problem: g.trace.problem }));
  };
  const train = hex(Array.from({ length: 100 }, (_, i) => i).find((i) => i !== 4 && i % 100 < 40) ?? 0);
  expect(splitOf(train as ProblemId)).toBe('train');
  const policy = { n: 3, seed: 1, from: 'any' } as const;
  expect(pickExamples(policy, judged, of({ prompt: 'The same, told differently' }))).toEqual([]);
  expect(pickExamples(policy, judged, of({ problem: train as ProblemId }))).toEqual([]);
  const spaced = { problem: train as ProblemId, prompt: ` ${judged.prompt.replace(' ', '\n ')}\n` };
  expect(pickExamples(policy, judged, of(spaced))).toEqual([]);
  expect(pickExamples(policy, judged, of({ problem: train as ProblemId, prompt: 'Another' })).length).toBe(1);
});

it('[J40] the same for a trace and a seed, whatever the order of gold; another seed draws others', () => {
  const random = seededRandom(7);
  const shuffled = GOLD.map((g) => ({ g, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ g }) => g);
  const judged = goldTrace(5).trace;
  const policy = { n: 4, seed: 1, from: 'any' } as const;
  expect(pickExamples(policy, judged, shuffled)).toEqual(pickExamples(policy, judged, GOLD));
  expect(pickExamples({ ...policy, seed: 2 }, judged, GOLD)).not.toEqual(pickExamples(policy, judged, GOLD));
});

it('[J40] of the same task where that is asked; fewer where there are not enough; none where none are wanted', () => {
  const judged = goldTrace(4).trace;
  const tasks = new Map(GOLD.map((g) => [g.trace.prompt, g.trace.task]));
  const same = pickExamples({ n: 5, seed: 1, from: 'same-task' }, judged, GOLD);
  expect(same.every((e) => tasks.get(e.prompt) === judged.task)).toBe(true);
  expect(pickExamples({ n: 0, seed: 1, from: 'any' }, judged, GOLD)).toEqual([]);
  const few = GOLD.filter((g) => splitOf(g.problem) === 'train').slice(0, 2);
  expect(pickExamples({ n: 9, seed: 1, from: 'any' }, judged, few).length).toBeLessThanOrEqual(2);
});
