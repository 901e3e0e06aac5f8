import { describe, expect, it } from 'vitest';
import { agreement, type Rating } from './agreement.ts';
import { type CalibrationPair, calibrate } from './calibration.ts';

describe('calibrate', () => {
  it('[M1] gives ProcessBench figures and the always-clean baseline', () => {
    const c = calibrate([
      { predicted: 2, gold: 2 },
      { predicted: 1, gold: 3 },
      { predicted: 'clean', gold: 0 },
      { predicted: 'clean', gold: 'clean' },
      { predicted: 4, gold: 'clean' },
    ]);
    expect(c).toMatchObject({ n: 5, flawed: 3, clean: 2, accError: 1 / 3, accClean: 1 / 2, exact: 2 / 5 });
    expect(c.f1).toBeCloseTo(0.4, 12);
    expect(c.solution.precision).toBeCloseTo(2 / 3, 12);
    expect(c.solution.mcc).toBeCloseTo((2 * 1 - 1 * 1) / Math.sqrt(3 * 3 * 2 * 2), 12);
    expect(c.baseline).toMatchObject({ accError: 0, accClean: 1, f1: 0, exact: 2 / 5 });
    expect(c.distance).toEqual([
      { distance: -2, count: 1 },
      { distance: 0, count: 1 },
    ]);
  });

  it('[M2] a perfect outcome judge has an MCC of 1 and a tight interval', () => {
    const pairs = Array.from({ length: 200 }, (_, i) => {
      const p = i % 3 === 0 ? ('clean' as const) : ('unlocated' as const);
      return { predicted: p, gold: p };
    });
    const c = calibrate(pairs);
    expect(c.solution.mcc).toBe(1);
    expect(c.exact).toBe(1);
    expect(c.intervals.mcc).toEqual([1, 1]);
  });

  it('[M3] intervals are repeatable with a seed and hold the figure', () => {
    const pairs = Array.from({ length: 150 }, (_, i) => ({
      predicted: i % 4 ? 1 : ('clean' as const),
      gold: i % 5 ? 1 : ('clean' as const),
    }));
    const a = calibrate(pairs, { seed: 7 });
    expect(calibrate(pairs, { seed: 7 })).toEqual(a);
    const [low, high] = a.intervals.exact ?? [1, 0];
    expect(low).toBeLessThan(a.exact ?? 0);
    expect(high).toBeGreaterThan(a.exact ?? 1);
  });

  it("[M7] Cohen's kappa is that of the published formula, at both levels, with an interval that holds it", () => {
    // The table of [M6]: 20 flawed/flawed, 10 missed, 5 false alarms, 15 clean/clean: kappa 0.4. Of the 20, half at the place.
    const pairs = [
      ...Array(10).fill({ gold: 1, predicted: 1 }),
      ...Array(10).fill({ gold: 1, predicted: 2 }),
      ...Array(10).fill({ gold: 1, predicted: 'clean' }),
      ...Array(5).fill({ gold: 'clean', predicted: 2 }),
      ...Array(15).fill({ gold: 'clean', predicted: 'clean' }),
    ] as CalibrationPair[];
    const c = calibrate(pairs);
    expect(c.solution.kappa).toBeCloseTo(0.4, 12);
    expect(c.baseline.solution.kappa).toBe(0);
    // Same place: po = 25/50; by chance step 1 at 30/50 x 10/50, clean at 20/50 x 25/50.
    expect(c.positionKappa).toBeCloseTo((0.5 - 0.32) / (1 - 0.32), 12);
    const raters = pairs.flatMap(({ gold, predicted }, i) => [
      { item: `${i}`, rater: 'gold', value: `${gold}` },
      { item: `${i}`, rater: 'judge', value: `${predicted}` },
    ]);
    expect(c.positionKappa).toBeCloseTo(agreement(raters, 'nominal').kappa ?? 0, 12);
    const verdicts = raters.map((r) => ({ ...r, value: r.value === 'clean' ? 'clean' : 'flawed' }));
    expect(c.solution.kappa).toBeCloseTo(agreement(verdicts, 'nominal').kappa ?? 0, 12);
    for (const key of ['kappa', 'positionKappa'] as const) {
      const [low, high] = c.intervals[key] ?? [1, 0];
      const value = key === 'kappa' ? c.solution.kappa : c.positionKappa;
      expect(low).toBeLessThan(value ?? 0);
      expect(high).toBeGreaterThan(value ?? 1);
    }
    expect(calibrate([{ gold: 'clean', predicted: 'clean' }]).solution.kappa).toBeNull();
  });

  it('[M4] has no figure where there is nothing to divide by', () => {
    expect(calibrate([])).toMatchObject({
      n: 0,
      accError: null,
      f1: null,
      exact: null,
      solution: { mcc: null },
    });
  });
});

/** Krippendorff (2011), example C: four observers, twelve units, with missing values. */
const EXAMPLE = [
  '1 2 3 3 2 1 4 1 2 . . .',
  '1 2 3 3 2 2 4 1 2 5 . 3',
  '. 3 3 3 2 3 4 2 2 5 1 .',
  '1 2 3 3 2 4 4 1 2 5 1 .',
].flatMap((row, rater): Rating<number>[] =>
  row
    .split(' ')
    .flatMap((v, item) => (v === '.' ? [] : [{ item: `${item}`, rater: `${rater}`, value: Number(v) }])),
);

describe('agreement', () => {
  it("[M5] equals the published values of Krippendorff's alpha", () => {
    expect(agreement(EXAMPLE, 'nominal').alpha).toBeCloseTo(0.743, 3);
    expect(agreement(EXAMPLE, 'ordinal').alpha).toBeCloseTo(0.815, 3);
  });

  it("[M6] gives Cohen's kappa for two raters only", () => {
    // Two raters, 50 items: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no. kappa = 0.4.
    const table = [
      ['y', 'y', 20],
      ['y', 'n', 5],
      ['n', 'y', 10],
      ['n', 'n', 15],
    ] as const;
    let item = 0;
    const ratings = table.flatMap(([a, b, n]) =>
      Array.from({ length: n }, () => {
        item++;
        return [
          { item: `${item}`, rater: 'a', value: a },
          { item: `${item}`, rater: 'b', value: b },
        ];
      }).flat(),
    );
    expect(agreement(ratings, 'nominal')).toMatchObject({ items: 50, raw: 0.7 });
    expect(agreement(ratings, 'nominal').kappa).toBeCloseTo(0.4, 12);
    expect(agreement(EXAMPLE, 'nominal').kappa).toBeNull();
  });
});
