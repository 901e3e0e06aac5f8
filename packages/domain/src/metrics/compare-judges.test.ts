import { expect, it } from 'vitest';
import type { TraceId } from '../ids.ts';
import type { Position } from '../judgement.ts';
import { type ComparedItem, compareJudges } from './compare-judges.ts';
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
  expect(noiseFloor([])).toEqual({ n: 0, rate: null, interval: null });
  expect(
    noiseFloor([
      [1, 1, 1],
      [2, 'clean'],
      [null, 3],
      [1, 1],
    ]),
  ).toMatchObject({ n: 3, rate: 1 / 3 });
  expect(noiseFloor([[1, 1, 2]]).rate).toBeCloseTo(2 / 3);
});
