import { describe, expect, test } from 'vitest';
import { passAtK, vote } from './pass-at-k.ts';
import { seededRandom } from './random.ts';

describe('pass@k', () => {
  test('is the share of all choices of k that hold a right one', () => {
    for (let n = 1; n <= 7; n++)
      for (let c = 0; c <= n; c++)
        for (let k = 1; k <= n; k++) {
          let [right, all] = [0, 0];
          for (let set = 0; set < 2 ** n; set++) {
            const chosen = Array.from({ length: n }, (_, i) => i).filter((i) => (set >> i) & 1);
            if (chosen.length !== k) continue;
            all++;
            if (chosen.some((i) => i < c)) right++;
          }
          expect(passAtK(n, c, k)).toBeCloseTo(right / all, 12);
        }
  });

  test('is the plain share for k = 1, also for many samples', () => {
    expect(passAtK(64, 16, 1)).toBeCloseTo(0.25, 12);
    expect(passAtK(1_000, 1, 1_000)).toBe(1);
    expect(passAtK(1_000, 0, 10)).toBe(0);
  });

  test('has no bias: its mean over random samples is 1 - (1 - p)^k', () => {
    const random = seededRandom(3);
    const [p, n, k] = [0.3, 8, 4];
    let sum = 0;
    for (let i = 0; i < 20_000; i++) {
      let c = 0;
      for (let s = 0; s < n; s++) if (random() < p) c++;
      sum += passAtK(n, c, k);
    }
    expect(sum / 20_000).toBeCloseTo(1 - (1 - p) ** k, 2);
  });

  test('refuses more than there are', () => {
    expect(() => passAtK(4, 1, 5)).toThrow('k = 5, n = 4');
    expect(() => passAtK(4, 5, 1)).toThrow(RangeError);
  });
});

describe('votes', () => {
  const key = (answer: string): string => String(Number(answer));
  test('count answers that mean the same, and samples without one', () => {
    const { majority, share, entropy } = vote(['7.0', '8', '7', null], key);
    expect(majority).toBe('7.0');
    expect(share).toBe(0.5);
    expect(entropy).toBeCloseTo(-(0.5 * Math.log(0.5) + 2 * 0.25 * Math.log(0.25)), 12);
  });
  test('agree wholly, or have no majority', () => {
    expect(vote(['1', '1'], key)).toEqual({ majority: '1', share: 1, entropy: 0 });
    expect(vote([null, null], key)).toEqual({ majority: null, share: 0, entropy: 0 });
  });
});
