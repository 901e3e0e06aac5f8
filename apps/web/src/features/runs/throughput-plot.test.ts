import { expect, it } from 'vitest';
import { niceTop, rateTop, spread } from './throughput-plot.tsx';

it.each([
  [0, 1],
  [0.3, 1],
  [1, 1],
  [1.1, 2],
  [3, 5],
  [7, 10],
  [12, 20],
  [178, 200],
  [500, 500],
  [501, 1_000],
])('the axis of %d ends at %d', (n, top) => {
  expect(niceTop(n)).toBe(top);
});

it('a few of many are spread over all of them, and end with the last', () => {
  const all = Array.from({ length: 100 }, (_, i) => i);
  expect(spread(all, 4)).toEqual([24, 49, 74, 99]);
  expect(spread([1, 2], 4)).toEqual([1, 2]);
  expect(spread([], 4)).toEqual([]);
});

it('a burst that is far above the rest goes past the axis', () => {
  expect(rateTop([178, 8, 9, 8, 7, 10, 8])).toBe(20);
  expect(rateTop([178, 150, 120, 90, 100])).toBe(200);
  expect(rateTop([30, 8])).toBe(50);
  expect(rateTop([0, 0, 0, 0, 0, 40])).toBe(50);
  expect(rateTop([])).toBe(1);
});
