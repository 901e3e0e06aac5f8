import { describe, expect, it } from 'vitest';
import { clock, duration, percent, rate } from './format.ts';

describe('figures in words', () => {
  it('gives durations in two units at most', () => {
    expect([0.41, 9.99, 38, 59.6, 60, 291, 9_420, 273_600].map(duration)).toEqual([
      '0.4 s',
      '10.0 s',
      '38 s',
      '1 min',
      '1 min',
      '4 min 51 s',
      '2 h 37 min',
      '3 d 4 h',
    ]);
  });

  it('never says 100 % before all is done', () => {
    expect([percent(9_999, 10_000), percent(10_000, 10_000), percent(0, 0)]).toEqual([
      '99.9 %',
      '100 %',
      '0 %',
    ]);
  });

  it('gives rates and times', () => {
    expect([6.42, 1_240, 3_200_000].map(rate)).toEqual(['6.4 /s', '1,240 /s', '3.2 M/s']);
    const noon = new Date(2026, 10, 23, 12, 0, 5).getTime();
    expect(clock(noon, noon)).toBe('12:00:05');
    expect(clock(noon, noon + 86_400_000)).toBe('23 Nov 12:00');
  });
});
