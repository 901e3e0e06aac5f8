import type { NoiseFloor } from './noise-floor.ts';

/** The flips that two runs show, beside those that there would be if both were of one unchanged judge. */
export interface FlipsByNoise {
  /** Items on which both answers could be read, and on how many of them they differ. */
  of: number;
  observed: number;
  /** Flips by noise alone: the mean, and the range that holds 95 % of such comparisons; null without repetitions. */
  expected: number | null;
  range: [number, number] | null;
  /** Chance of as many flips or more by noise alone, 0..1; small: the judges really differ. */
  p: number | null;
}

/**
 * What noise alone would flip between two runs over `of` items, after the repetitions of one or both of them.
 *
 * The chance of a flip is not known but estimated, so the number of flips is beta-binomial, with Jeffreys' prior of 1/2 and 1/2
 * (Gelman et al. 2013, Bayesian Data Analysis, ch. 2): few repetitions give a wide range, and no flip among them does not
 * mean that there never is one. Items that differ in how often they flip would make it narrower: it errs on the side of noise.
 *
 * @param floors of the compared runs; those without repetitions say nothing
 * @example flipsByNoise([{ n: 100, rate: 0.1, ... }], { observed: 25, of: 100 }).p // 0.003: more than noise
 */
export const flipsByNoise = (
  floors: readonly NoiseFloor[],
  { observed, of }: { observed: number; of: number },
): FlipsByNoise => {
  let flipped = 0;
  let stayed = 0;
  for (const { n, rate } of floors) {
    flipped += n * (rate ?? 0);
    stayed += n * (1 - (rate ?? 0));
  }
  if (flipped + stayed === 0 || of === 0) return { observed, of, expected: null, range: null, p: null };
  const chances = betaBinomial(of, flipped + 0.5, stayed + 0.5);
  const range: [number, number] = [of, of];
  let below = 0;
  let fewer = 0;
  let mean = 0;
  chances.forEach((chance, k) => {
    if (k < observed) fewer += chance;
    mean += k * chance;
    below += chance;
    if (below >= 0.025) range[0] = Math.min(range[0], k);
    if (below >= 0.975) range[1] = Math.min(range[1], k);
  });
  return { observed, of, expected: mean, range, p: Math.min(1, Math.max(0, 1 - fewer)) };
};

/** The chances of 0 to n hits, where the chance of one is Beta(a, b); by recurrence in logarithms, which do not underflow. */
const betaBinomial = (n: number, a: number, b: number): Float64Array => {
  let log = 0;
  for (let i = 0; i < n; i++) log += Math.log((b + i) / (a + b + i));
  const chances = new Float64Array(n + 1);
  for (let k = 0; k <= n; k++) {
    chances[k] = Math.exp(log);
    log += Math.log(((n - k) * (a + k)) / ((k + 1) * (b + n - k - 1)));
  }
  return chances;
};
