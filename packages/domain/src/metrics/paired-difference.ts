import { seededRandom } from './random.ts';

/** One item solved, or not, by two models. */
export interface PairedOutcome {
  before: boolean;
  after: boolean;
}

export interface PairedDifference {
  n: number;
  /** Share that was solved, 0..1; 0 where there are no items. */
  before: number;
  after: number;
  /** `after` less `before`, -1..1. */
  gain: number;
  /** Of the gain, 95 %; null where there are no items. */
  interval: [low: number, high: number] | null;
  /** Items that only the later one solves, and that only the earlier one did. */
  fixed: number;
  broken: number;
}

const [RESAMPLES, SEED] = [2_000, 20_261];

/**
 * The difference in accuracy of two models on the same items, with a percentile interval of the paired bootstrap: items are drawn
 * with replacement, both outcomes of each together (Efron and Tibshirani 1993, ch. 13). Only three kinds of item matter, fixed,
 * broken and alike, so each resample draws their counts.
 */
export const pairedDifference = (items: readonly PairedOutcome[], seed = SEED): PairedDifference => {
  const n = items.length;
  const count = (of: (item: PairedOutcome) => boolean): number => items.filter(of).length;
  const fixed = count(({ before, after }) => after && !before);
  const broken = count(({ before, after }) => before && !after);
  const share = (k: number): number => (n === 0 ? 0 : k / n);
  const figures = {
    n,
    before: share(count(({ before }) => before)),
    after: share(count(({ after }) => after)),
    gain: share(fixed - broken),
    fixed,
    broken,
  };
  if (n === 0) return { ...figures, interval: null };
  const random = seededRandom(seed);
  const gains = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const drawn = random() * n;
      if (drawn < fixed) sum++;
      else if (drawn < fixed + broken) sum--;
    }
    gains[r] = sum / n;
  }
  gains.sort();
  const at = (q: number): number => gains[Math.floor(q * RESAMPLES)] as number;
  return { ...figures, interval: [at(0.025), at(0.975)] };
};
