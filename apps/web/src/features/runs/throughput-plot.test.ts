import { expect, it } from 'vitest';
import { niceTop, spread } from './throughput-plot.tsx';

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
