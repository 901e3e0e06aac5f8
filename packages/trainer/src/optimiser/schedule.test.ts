import { expect, it } from 'vitest';
import { rateAt } from './schedule.ts';

it('[N11] the rate rises over the warm-up, is highest after it, and ends at the floor, by tokens', () => {
  const schedule = { peak: 1e-3, warmUp: 100, floor: 0.1 };
  const rate = (learned: number) => rateAt(schedule, learned, 10_000);
  expect(rate(0)).toBeCloseTo(1e-5, 8);
  expect(rate(49)).toBeCloseTo(5e-4, 6);
  expect(rate(100)).toBeCloseTo(1e-3, 5);
  expect(rate(5_000)).toBeCloseTo(1e-3 * 0.55, 6);
  expect(rate(10_000)).toBeCloseTo(1e-4, 8);
  expect(rate(20_000)).toBe(rate(10_000));
  expect(rateAt({ ...schedule, warmUp: 0 }, 0, 10_000)).toBe(1e-3);
});
