import type { Position } from '../judgement.ts';
import { seededRandom } from './random.ts';

/** One trace on which both the judge and gold have a verdict. */
export interface CalibrationPair {
  predicted: Position;
  gold: Position;
}

export interface SolutionFigures {
  /** Positive class: flawed. Each in 0..1, or null where the ratio has no denominator. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Matthews correlation, -1..1; null where a row or column of the table is empty. */
  mcc: number | null;
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
  solution: SolutionFigures;
}

export type Interval = [low: number, high: number] | null;
export type FlatFigures = Record<
  'accError' | 'accClean' | 'f1' | 'exact' | 'precision' | 'recall' | 'solutionF1' | 'mcc',
  number | null
>;

export interface Calibration extends CalibrationFigures {
  n: number;
  flawed: number;
  clean: number;
  /** Percentile bootstrap over traces, 95 %; null where fewer than 90 % of the resamples had a value. */
  intervals: Record<keyof FlatFigures, Interval>;
  /** The same figures for a judge that always says clean. */
  baseline: CalibrationFigures;
  /** Predicted minus gold step among pairs that both locate: distance -> count. */
  distance: { distance: number; count: number }[];
  /** Verdicts by verdicts: `[gold][predicted]`. */
  confusion: Record<'flawed' | 'clean', Record<'flawed' | 'clean', number>>;
}

/** Sufficient counts of a set of pairs: everything that the figures need. */
interface Counts {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
  exactFlawed: number;
}

const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);
const harmonic = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b === 0 ? 0 : (2 * a * b) / (a + b);

// Five cells say all: a pair's cell is its whole contribution, so that resampling only counts cells.
export const CELLS = ['exact', 'tp', 'fn', 'fp', 'tn'] as const;
/** Index of a pair's cell in {@link CELLS}. */
export const cellOf = ({ predicted, gold }: CalibrationPair): number => {
  if (gold === 'clean') return predicted === 'clean' ? 4 : 3;
  if (predicted === gold) return 0;
  return predicted === 'clean' ? 2 : 1;
};

const countsOf = (cells: ArrayLike<number>): Counts => {
  const [exact, tp, fn, fp, tn] = CELLS.map((_, i) => cells[i] ?? 0) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { tp: exact + tp, fp, fn, tn, exactFlawed: exact };
};

const figures = ({ tp, fp, fn, tn, exactFlawed }: Counts): CalibrationFigures => {
  const accError = ratio(exactFlawed, tp + fn);
  const accClean = ratio(tn, tn + fp);
  const precision = ratio(tp, tp + fp);
  const recall = ratio(tp, tp + fn);
  const root = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
  return {
    accError,
    accClean,
    f1: harmonic(accError, accClean),
    exact: ratio(exactFlawed + tn, tp + fp + fn + tn),
    solution: { precision, recall, f1: harmonic(precision, recall), mcc: ratio(tp * tn - fp * fn, root) },
  };
};

/** Every figure of these counts of cells, by name. */
export const flatFigures = (cells: ArrayLike<number>): FlatFigures => flatten(figures(countsOf(cells)));

const flatten = ({ solution, ...rest }: CalibrationFigures): FlatFigures => ({
  ...rest,
  precision: solution.precision,
  recall: solution.recall,
  solutionF1: solution.f1,
  mcc: solution.mcc,
});

const bootstrap = (
  cells: Uint8Array,
  resamples: number,
  seed: number,
): Record<keyof FlatFigures, Interval> => {
  const random = seededRandom(seed);
  const samples: FlatFigures[] = Array.from({ length: resamples }, () => {
    const counts = new Uint32Array(CELLS.length);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[Math.floor(random() * cells.length)] ?? 0;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return flatFigures(counts);
  });
  const interval = (key: keyof FlatFigures): Interval => {
    const values = samples.flatMap((s) => s[key] ?? []).sort((a, b) => a - b);
    if (values.length === 0 || values.length < 0.9 * resamples) return null;
    const at = (q: number) => values[Math.min(values.length - 1, Math.floor(q * values.length))] as number;
    return [at(0.025), at(0.975)];
  };
  const keys = Object.keys(flatFigures([])) as (keyof FlatFigures)[];
  return Object.fromEntries(keys.map((k) => [k, interval(k)])) as Record<keyof FlatFigures, Interval>;
};

/**
 * Scores a judge against gold on the traces where both have a verdict.
 *
 * @param options.resamples bootstrap resamples (default 1,000); `seed` makes the intervals repeatable
 * @example calibrate([{ predicted: 2, gold: 2 }, { predicted: 'clean', gold: 'clean' }]).exact // 1
 */
export const calibrate = (
  pairs: readonly CalibrationPair[],
  options: { resamples?: number; seed?: number } = {},
): Calibration => {
  const { resamples = 1000, seed = 1 } = options;
  const cells = Uint8Array.from(pairs, cellOf);
  const perCell = new Uint32Array(CELLS.length);
  for (const cell of cells) perCell[cell] = (perCell[cell] ?? 0) + 1;
  const counts = countsOf(perCell);
  const baseline = countsOf([0, 0, counts.tp + counts.fn, 0, counts.tn + counts.fp]);
  const distances = new Map<number, number>();
  for (const { predicted, gold } of pairs) {
    if (typeof predicted !== 'number' || typeof gold !== 'number') continue;
    distances.set(predicted - gold, (distances.get(predicted - gold) ?? 0) + 1);
  }
  return {
    n: pairs.length,
    flawed: counts.tp + counts.fn,
    clean: counts.tn + counts.fp,
    ...figures(counts),
    intervals: bootstrap(cells, resamples, seed),
    baseline: figures(baseline),
    distance: [...distances]
      .map(([distance, count]) => ({ distance, count }))
      .sort((a, b) => a.distance - b.distance),
    confusion: {
      flawed: { flawed: counts.tp, clean: counts.fn },
      clean: { flawed: counts.fp, clean: counts.tn },
    },
  };
};
