import { type Interval, type Intervals, intervalsOf, resample } from './bootstrap.ts';
import { type CalibrationPair, type FlatFigures, figuresOf, pairTable } from './figures.ts';

export type { CalibrationPair, FlatFigures, Interval };

/** Of flawed or clean, whatever the place. Positive class: flawed. */
export interface SolutionFigures {
  /** Each in 0..1, or null where the ratio has no denominator. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Matthews correlation, -1..1; null where a row or column of the table is empty. */
  mcc: number | null;
  /**
   * Cohen's kappa between judge and gold, at most 1: `(po - pe) / (1 - pe)`, with `po` the share of traces on which both say
   * the same, and `pe` the share that they would agree on by chance, each keeping its own frequencies (Cohen 1960, A coefficient
   * of agreement for nominal scales, eq. 1). 0 for a judge that always says the same; null where both do.
   */
  kappa: number | null;
}

export interface CalibrationFigures {
  /** Exact first error among traces that gold calls flawed. */
  accError: number | null;
  /** Share of traces that gold calls clean on which the judge says clean. */
  accClean: number | null;
  /** ProcessBench F1 = 2ab/(a+b) of the two above (Zheng et al. 2024, arXiv 2412.06559). */
  f1: number | null;
  /** Exact position over all traces, clean ones included. */
  exact: number | null;
  /** Cohen's kappa over positions of the first error: each step, `clean` and `unlocated` is a class of its own. */
  positionKappa: number | null;
  solution: SolutionFigures;
}

export interface Calibration extends CalibrationFigures {
  n: number;
  flawed: number;
  clean: number;
  /** Percentile bootstrap over traces, 95 %; null where fewer than 90 % of the resamples had a value. */
  intervals: Intervals;
  /** The same figures for a judge that always says clean. */
  baseline: CalibrationFigures;
  /** Predicted minus gold step among pairs that both locate: distance -> count. */
  distance: { distance: number; count: number }[];
  /** Verdicts by verdicts: `[gold][predicted]`. */
  confusion: Record<'flawed' | 'clean', Record<'flawed' | 'clean', number>>;
}

const nested = ({ precision, recall, solutionF1, mcc, kappa, ...rest }: FlatFigures): CalibrationFigures => ({
  ...rest,
  solution: { precision, recall, f1: solutionF1, mcc, kappa },
});

/** A calibration of figures and intervals that are already there. */
export const calibrationOf = (
  pairs: readonly CalibrationPair[],
  figures: FlatFigures,
  intervals: Intervals,
): Calibration => {
  const confusion = { flawed: { flawed: 0, clean: 0 }, clean: { flawed: 0, clean: 0 } };
  const distances = new Map<number, number>();
  for (const { predicted, gold } of pairs) {
    confusion[gold === 'clean' ? 'clean' : 'flawed'][predicted === 'clean' ? 'clean' : 'flawed']++;
    if (typeof predicted !== 'number' || typeof gold !== 'number') continue;
    distances.set(predicted - gold, (distances.get(predicted - gold) ?? 0) + 1);
  }
  return {
    n: pairs.length,
    flawed: confusion.flawed.flawed + confusion.flawed.clean,
    clean: confusion.clean.flawed + confusion.clean.clean,
    ...nested(figures),
    intervals,
    baseline: nested(figuresOf(pairTable(pairs.map(({ gold }) => ({ gold, predicted: 'clean' }))))),
    distance: [...distances]
      .map(([distance, count]) => ({ distance, count }))
      .sort((a, b) => a.distance - b.distance),
    confusion,
  };
};

/**
 * Scores a judge against gold on the traces where both have a verdict.
 *
 * @param options.resamples bootstrap resamples (default 1,000); `seed` makes the intervals repeatable
 * @example calibrate([{ predicted: 2, gold: 2 }, { predicted: 'clean', gold: 'clean' }]).exact // 1
 */
export const calibrate = (
  pairs: readonly CalibrationPair[],
  { resamples = 1000, seed = 1 }: { resamples?: number; seed?: number } = {},
): Calibration => {
  const table = pairTable(pairs);
  const [drawn = new Float64Array()] = resample([table], { resamples, seed });
  return calibrationOf(pairs, figuresOf(table), intervalsOf(drawn));
};
