import { expect, it } from 'vitest';
import type { TraceId } from '../ids.ts';
import type { Position } from '../judgement.ts';
import { type ComparedItem, compareJudges } from './compare-judges.ts';
import { flipsByNoise } from './flips-by-noise.ts';
import { mcnemar } from './mcnemar.ts';
import { noiseFloor } from './noise-floor.ts';
import { seededRandom } from './random.ts';
import { wilson } from './wilson.ts';

const item = (i: number, gold: Position, a: Position | null, b: Position | null): ComparedItem => ({
  trace: i.toString(16).padStart(16, '0') as TraceId,
  gold,
  a,
  b,
});

it('McNemar: the exact p of known tables', () => {
  expect(mcnemar(8, 27).p).toBeCloseTo(0.0019, 4);
  expect(mcnemar(27, 8).p).toBeCloseTo(0.0019, 4);
  expect(mcnemar(0, 5).p).toBeCloseTo(2 / 32, 10);
  expect(mcnemar(0, 5).midP).toBeCloseTo(1 / 32, 10);
  // C(8, 4) / 2^8 is the chance of that table.
  expect(mcnemar(4, 4).p).toBe(1);
  expect(mcnemar(4, 4).midP).toBeCloseTo(1 - 70 / 256 / 2, 10);
  expect(mcnemar(0, 0)).toEqual({ p: 1, midP: 1 });
  expect(mcnemar(4_000, 5_000).p).toBeLessThan(1e-20);
});

it('Wilson: known intervals, inside 0..1', () => {
  expect(wilson(1, 10).map((x) => Math.round(1e4 * x) / 1e4)).toEqual([0.0179, 0.4042]);
  expect(wilson(0, 20)[0]).toBe(0);
  expect(wilson(20, 20)[1]).toBe(1);
});

it('flips are told apart, and an unreadable answer counts as wrong', () => {
  const comparison = compareJudges([
    item(1, 2, 'clean', 2),
    item(2, 'clean', 'clean', 1),
    item(3, 3, 1, 0),
    item(4, 'clean', null, 'clean'),
    item(5, 1, 1, null),
    item(6, 1, 1, 1),
  ]);
  expect(comparison.flips.map((f) => f.kind)).toEqual([
    'now-right',
    'now-wrong',
    'other',
    'now-right',
    'now-wrong',
  ]);
  expect(comparison).toMatchObject({ n: 6, nowRight: 2, nowWrong: 2, mcnemar: { p: 1 } });
  expect(comparison.parseFailures).toMatchObject({ a: { count: 1 }, b: { count: 1 } });
  expect(comparison.a.exact).toBeCloseTo(3 / 6);
  expect(comparison.b.exact).toBeCloseTo(3 / 6);
});

it('paired intervals: narrow where both agree, beyond zero where one is better, none around equal judges', () => {
  const random = seededRandom(3);
  const items = Array.from({ length: 600 }, (_, i) => {
    const gold: Position = i % 3 === 0 ? 'clean' : i % 5;
    const wrong: Position = gold === 'clean' ? 1 : 'clean';
    const a = random() < 0.6 ? gold : wrong;
    return item(i, gold, a, a === gold || random() < 0.3 ? gold : wrong);
  });
  const { difference, mcnemar: test } = compareJudges(items);
  const [low, high] = difference.exact.interval ?? [0, 0];
  expect(low).toBeGreaterThan(0);
  expect(difference.exact.value).toBeGreaterThan(low);
  expect(difference.exact.value).toBeLessThan(high);
  expect(test.p).toBeLessThan(1e-6);
  const same = compareJudges(items.map((i) => ({ ...i, b: i.a })));
  expect(same.difference.f1).toEqual({ value: 0, interval: [0, 0] });
  expect(same.flips).toEqual([]);
});

it('the noise floor is the chance that two answers differ', () => {
  expect(noiseFloor([])).toMatchObject({ n: 0, rate: null, interval: null, everFlipped: { share: null } });
  expect(
    noiseFloor([
      [1, 1, 1],
      [2, 'clean'],
      [null, 3],
      [1, 1],
    ]),
  ).toMatchObject({ n: 3, rate: 1 / 3, everFlipped: { count: 1, share: 1 / 3 } });
  expect(noiseFloor([[1, 1, 2]]).rate).toBeCloseTo(2 / 3);
  expect(noiseFloor([[1, 1, 2]]).everFlipped.share).toBe(1);
});

/** Two runs of two repetitions each of judges that say 1, or `flips` of the time 2; the second judge may differ on some items. */
const repeated = (seed: number, n: number, flips: number, differs: number) => {
  const random = seededRandom(seed);
  const answers = (right: Position): Position[] => [0, 1].map(() => (random() < flips ? 2 : right));
  const runs = Array.from({ length: n }, () => ({ a: answers(1), b: answers(random() < differs ? 3 : 1) }));
  const observed = runs.filter(({ a, b }) => a[0] !== b[0]).length;
  const floors = [noiseFloor(runs.map((r) => r.a)), noiseFloor(runs.map((r) => r.b))];
  return flipsByNoise(floors, { observed, of: n });
};

it('[M8] flips of one judge lie in the range of noise as often as it says, and those of another judge do not', () => {
  const same = Array.from({ length: 400 }, (_, seed) => repeated(seed + 1, 200, 0.1, 0));
  const within = same.filter(({ observed, range }) => range && observed >= range[0] && observed <= range[1]);
  expect(within.length / same.length).toBeGreaterThan(0.93);
  expect(same.filter((c) => (c.p ?? 0) < 0.05).length / same.length).toBeLessThan(0.06);
  expect(repeated(7, 200, 0.1, 0.3).p).toBeLessThan(1e-3);
  const [first] = same;
  // 2 x 0.9 x 0.1 of 200.
  expect(first?.expected).toBeGreaterThan(25);
  expect(first?.expected).toBeLessThan(50);
});

it('[M8] few repetitions without a flip do not say that there are none; without repetitions nothing is said', () => {
  const still = noiseFloor([
    [1, 1],
    ['clean', 'clean'],
    [2, 2],
  ]);
  const { expected, range, p } = flipsByNoise([still], { observed: 2, of: 10 });
  expect(expected).toBeCloseTo((10 * 0.5) / 4, 10);
  expect(range?.[1]).toBeGreaterThan(3);
  expect(p).toBeGreaterThan(0.1);
  expect(flipsByNoise([noiseFloor([[1]])], { observed: 2, of: 10 })).toMatchObject({
    expected: null,
    p: null,
  });
  // Many items: nothing underflows.
  const many = flipsByNoise([{ ...still, n: 10_000, rate: 0.3 }], { observed: 3_000, of: 10_000 });
  expect(many.expected).toBeCloseTo(3_000, 0);
  expect(many.p).toBeGreaterThan(0.4);
});
