import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { ProblemId } from '@flywheel/domain/ids';
import { TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { describe, expect, it } from 'vitest';
import { trace } from '../../trace.fixture.ts';
import { minibatches } from './minibatches.ts';
import { drawWeighted, paretoWeights } from './pareto.ts';
import { proposedPrompt, reflectionPrompt } from './reflection.ts';
import { type Prompts, type SearchOptions, type SearchPorts, searchPrompts } from './search.ts';

/** Each problem needs one of these rules in the prompt to be judged right. */
const RULES = ['check signs', 'check units', 'check copies', 'check carries'];

const gold = (n: number, from: number): GoldTrace[] =>
  Array.from({ length: n }, (_, i) => ({
    trace: trace(['a', 'b', 'c'], {
      id: TraceId.parse((from + i).toString(16).padStart(16, '0')),
      prompt: `problem ${from + i}`,
    }),
    problem: (from + i).toString(16).padStart(16, '0') as ProblemId,
    gold: i % 3 === 0 ? 'clean' : i % 3,
    category: null,
    rationale: `It must ${RULES[i % RULES.length]}.`,
  }));

const BASE: Prompts = { system: 'Be exact.', user: 'Find the first error in {{ trace.text }}' };
const options = (more: Partial<SearchOptions> = {}): SearchOptions => ({
  mode: 'reflect',
  base: BASE,
  train: gold(40, 0),
  dev: gold(24, 1_000),
  calls: 600,
  minibatch: 3,
  seed: 1,
  ...more,
});

/** A world in which a prompt is right wherever it states the rule that the trace needs; a writer states what it was told. */
const world = () => {
  const asked = { judged: 0, written: 0 };
  const ports: SearchPorts = {
    judge: async ({ system, user }, item) => {
      asked.judged++;
      const rule = RULES.find((r) => item.rationale.includes(r)) ?? '';
      const right = `${system} ${user}`.includes(rule);
      return { verdict: right ? item.gold : item.gold === 'clean' ? 1 : 'clean', said: '' };
    },
    write: async (prompt, turn) => {
      asked.written++;
      const current = prompt.split('````')[1]?.trim() ?? '';
      const learnt = /made wrong|The model was wrong/.test(prompt)
        ? RULES.find((r) => prompt.includes(`It must ${r}`) && !current.includes(r))
        : undefined;
      return `Here it is:\n\`\`\`\`\n${current} ${learnt ?? `Truly ${turn}.`}\n\`\`\`\``;
    },
    invalid: () => null,
    progress: () => undefined,
  };
  return { ports, asked };
};

describe('Pareto front', () => {
  it('[J50] keeps those that are best somewhere, less those that others cover', () => {
    expect(
      paretoWeights([
        [1, 0, 1],
        [0, 1, 1],
        [0, 0, 1],
      ]),
    ).toEqual([2, 2, 0]);
    expect(
      paretoWeights([
        [1, 1],
        [0, 0],
      ]),
    ).toEqual([2, 0]);
    expect(
      paretoWeights([
        [1, 0],
        [1, 0],
      ]),
    ).toEqual([2, 0]);
    expect(paretoWeights([[0, 0]])).toEqual([2]);
  });

  it('[J50] against an oracle: what is left is best on every instance, and loses one when any is left out', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const [rows, columns] = [1 + Math.floor(random() * 6), 1 + Math.floor(random() * 6)];
      const scores = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => Number(random() < 0.4)),
      );
      const kept = paretoWeights(scores).flatMap((weight, k) => (weight > 0 ? [k] : []));
      const best = (i: number, among: number[]) => Math.max(...among.map((k) => scores[k]?.[i] ?? 0));
      const all = scores.map((_, k) => k);
      const covers = (among: number[]) =>
        scores[0]?.every((_, i) => among.length > 0 && best(i, among) === best(i, all));
      expect(covers(kept)).toBe(true);
      for (const left of kept) expect(covers(kept.filter((k) => k !== left))).toBe(false);
    }
  });

  it('[J50] draws in proportion', () => {
    const random = seededRandom(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3_000; i++) {
      const k = drawWeighted([2, 0, 1], random);
      counts[k] = (counts[k] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    expect((counts[0] ?? 0) / 3_000).toBeCloseTo(2 / 3, 1);
  });
});

it('[J51] minibatches go through all before any comes again, and hold none twice', () => {
  const next = minibatches(7, 3, seededRandom(2));
  const batches = Array.from({ length: 7 }, next);
  for (const batch of batches) expect(new Set(batch).size).toBe(3);
  const counts = new Map<number, number>();
  for (const i of batches.flat()) counts.set(i, (counts.get(i) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array(7).fill(3));
  expect(minibatches(2, 3, seededRandom(2))()).toHaveLength(2);
});

it('[J52] the prompt of an answer is what its outermost fences enclose, or nothing', () => {
  expect(proposedPrompt('So:\n````\nNew {{ x }}\n```json\n{}\n```\nend\n````\n')).toBe(
    'New {{ x }}\n```json\n{}\n```\nend',
  );
  expect(proposedPrompt('```text\nNew\n```')).toBe('New');
  expect(proposedPrompt('no fence')).toBeNull();
  expect(proposedPrompt('```\n\n```')).toBeNull();
  expect(proposedPrompt('``` open')).toBeNull();
});

it('[J52] a reflection shows what was said and what people found', () => {
  const [item] = gold(1, 0) as [GoldTrace];
  const text = reflectionPrompt('user', 'Look at {{ steps }}', [
    { gold: item, verdict: 1, said: 'S1 is off.' },
  ]);
  for (const part of [
    'Look at {{ steps }}',
    '[S2] c',
    'the first error is in S1',
    'S1 is off.',
    'all steps are right',
    'check signs',
  ])
    expect(text).toContain(part);
});

describe('search', () => {
  it('[J53] learns the rules that its failures name, and what it accepts is strictly better on its minibatch', async () => {
    const { ports } = world();
    const search = await searchPrompts(ports, options());
    const [base, best] = [search.candidates[0], search.candidates[search.best]];
    expect(base?.f1).toBe(0);
    expect(best?.f1).toBe(1);
    for (const rule of RULES) expect(`${best?.system} ${best?.user}`).toContain(rule);
    const accepted = search.proposals.filter((p) => p.outcome === 'accepted');
    expect(accepted).toHaveLength(search.candidates.length - 1);
    for (const p of accepted) expect(p.after).toBeGreaterThan(p.before);
    for (const p of search.proposals)
      if (p.outcome === 'not-better') expect(p.after).toBeLessThanOrEqual(p.before);
  });

  it('[J54] asks at most its budget, counts what it asks, and takes the same way again', async () => {
    for (const calls of [10, 24, 40, 57, 100, 333]) {
      const { ports, asked } = world();
      const search = await searchPrompts(ports, options({ calls }));
      expect(asked.judged + asked.written).toBe(search.calls);
      expect(search.calls).toBeLessThanOrEqual(calls);
      expect(await searchPrompts(world().ports, options({ calls }))).toEqual(search);
    }
  });

  it('[J53] the baseline sees no failure: here it learns nothing, whatever it spends', async () => {
    const { ports } = world();
    const search = await searchPrompts(ports, options({ mode: 'rewrite' }));
    expect(search.proposals.length).toBeGreaterThan(20);
    expect(search.candidates).toHaveLength(1);
  });

  it('[J55] a prompt that cannot be used is not asked, and says why; no answer is no prompt', async () => {
    const { ports, asked } = world();
    const refused = await searchPrompts(
      { ...ports, invalid: () => 'It does not show the steps.' },
      options({ calls: 80 }),
    );
    expect(refused.proposals[0]).toMatchObject({
      outcome: 'invalid',
      reason: 'It does not show the steps.',
      after: null,
    });
    expect(refused.candidates).toHaveLength(1);
    expect(asked.written).toBe(refused.proposals.length);
    const silent = await searchPrompts({ ...world().ports, write: async () => null }, options({ calls: 80 }));
    expect(new Set(silent.proposals.map((p) => p.outcome))).toEqual(new Set(['no-answer']));
  });

  it('[J54] a search with nothing to learn ends by itself', async () => {
    const all: Prompts = { system: RULES.join(', '), user: 'x' };
    const search = await searchPrompts(world().ports, options({ base: all, calls: 5_000 }));
    expect(search.proposals).toHaveLength(0);
    expect(search.candidates[0]?.f1).toBe(1);
  });
});
