import { agreement } from '@flywheel/domain/metrics/agreement';
import type { CalibrationPair } from '@flywheel/domain/metrics/calibration';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { kappaOf } from './dev-figures.ts';

it('kappa of judge and gold is that of two raters', () => {
  const random = seededRandom(3);
  const pairs = Array.from({ length: 200 }, (): CalibrationPair => {
    const gold = random() < 0.4 ? 'clean' : Math.floor(random() * 5);
    const predicted = random() < 0.7 ? gold : random() < 0.5 ? 'clean' : 2;
    return { gold, predicted };
  });
  const ratings = pairs.flatMap((p, item) =>
    (['predicted', 'gold'] as const).map((rater) => ({
      item: String(item),
      rater,
      value: p[rater] === 'clean' ? 'clean' : 'flawed',
    })),
  );
  expect(kappaOf(pairs)).toBeCloseTo(agreement(ratings, 'nominal').kappa as number, 12);
});

it('a judge that always says clean agrees by chance alone; where all is clean, kappa says nothing', () => {
  const gold: CalibrationPair['gold'][] = ['clean', 1, 2, 'clean'];
  expect(kappaOf(gold.map((g) => ({ predicted: 'clean', gold: g })))).toBe(0);
  expect(kappaOf([{ predicted: 'clean', gold: 'clean' }])).toBeNull();
  expect(kappaOf([])).toBeNull();
});
