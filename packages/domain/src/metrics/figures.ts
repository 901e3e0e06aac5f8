import type { Position } from '../judgement.ts';

/** One trace on which both the judge and gold have a verdict. */
export interface CalibrationPair {
  predicted: Position;
  gold: Position;
}

/** The figures by name, in the order of a vector of them. */
export const FIGURES = [
  'accError',
  'accClean',
  'f1',
  'exact',
  'positionKappa',
  'precision',
  'recall',
  'solutionF1',
  'mcc',
  'kappa',
] as const;
export type FigureName = (typeof FIGURES)[number];
export type FlatFigures = Record<FigureName, number | null>;

// Kinds of pairs: what figures at the level of the solution tell apart.
const EXACT = 0;
const HIT = 1;
const MISSED = 2;
const FALSE_ALARM = 3;
const CLEAN = 4;
const cellOf = ({ predicted, gold }: CalibrationPair): number => {
  if (gold === 'clean') return predicted === 'clean' ? CLEAN : FALSE_ALARM;
  if (predicted === gold) return EXACT;
  return predicted === 'clean' ? MISSED : HIT;
};

/**
 * Pairs gathered by their two positions. How often each kind of pair occurs is all that the figures need, so that a resample
 * counts kinds and allocates nothing.
 */
export interface PairTable {
  /** The kind of each pair. */
  kinds: Uint32Array;
  /** How many kinds there are. */
  size: number;
  /** Writes the figures of `counts` pairs of each kind into `into` at `offset`, in the order of FIGURES; NaN: undefined. */
  figures: (counts: Uint32Array, into: Float64Array, offset: number) => void;
}

const ratio = (a: number, b: number): number => (b === 0 ? Number.NaN : a / b);
const harmonic = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

/** Cohen's kappa of `agreed` of `n` pairs, where chance alone would give `chance / n` of them; NaN where chance agrees on all. */
const kappa = (agreed: number, chance: number, n: number): number =>
  ratio(n * agreed - chance, n * n - chance);

export const pairTable = (pairs: readonly CalibrationPair[]): PairTable => {
  const positions = new Map<Position, number>();
  const indexOf = (position: Position): number => {
    const known = positions.get(position) ?? positions.size;
    positions.set(position, known);
    return known;
  };
  const found = new Map<Position, Map<Position, number>>();
  const cells: number[] = [];
  const golds: number[] = [];
  const predictions: number[] = [];
  const kinds = Uint32Array.from(pairs, (pair) => {
    const row = found.get(pair.gold) ?? new Map<Position, number>();
    found.set(pair.gold, row);
    const known = row.get(pair.predicted);
    if (known !== undefined) return known;
    row.set(pair.predicted, cells.length);
    golds.push(indexOf(pair.gold));
    predictions.push(indexOf(pair.predicted));
    return cells.push(cellOf(pair)) - 1;
  });

  const cell = new Uint32Array(5);
  const goldAt = new Uint32Array(positions.size);
  const predictedAt = new Uint32Array(positions.size);
  const figures = (counts: Uint32Array, into: Float64Array, offset: number): void => {
    cell.fill(0);
    goldAt.fill(0);
    predictedAt.fill(0);
    for (let kind = 0; kind < counts.length; kind++) {
      const count = counts[kind] as number;
      (cell[cells[kind] as number] as number) += count;
      (goldAt[golds[kind] as number] as number) += count;
      (predictedAt[predictions[kind] as number] as number) += count;
    }
    let samePlace = 0;
    for (let p = 0; p < goldAt.length; p++) samePlace += (goldAt[p] as number) * (predictedAt[p] as number);
    const exact = cell[EXACT] as number;
    const tp = exact + (cell[HIT] as number);
    const fn = cell[MISSED] as number;
    const fp = cell[FALSE_ALARM] as number;
    const tn = cell[CLEAN] as number;
    const n = tp + fn + fp + tn;
    const accError = ratio(exact, tp + fn);
    const accClean = ratio(tn, tn + fp);
    const precision = ratio(tp, tp + fp);
    const recall = ratio(tp, tp + fn);
    const sides = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    const sameVerdict = (tp + fn) * (tp + fp) + (tn + fp) * (tn + fn);
    into[offset] = accError;
    into[offset + 1] = accClean;
    into[offset + 2] = harmonic(accError, accClean);
    into[offset + 3] = ratio(exact + tn, n);
    into[offset + 4] = kappa(exact + tn, samePlace, n);
    into[offset + 5] = precision;
    into[offset + 6] = recall;
    into[offset + 7] = harmonic(precision, recall);
    into[offset + 8] = ratio(tp * tn - fp * fn, sides);
    into[offset + 9] = kappa(tp + tn, sameVerdict, n);
  };
  return { kinds, size: cells.length, figures };
};

/** The figures of these pairs, by name. */
export const figuresOf = (table: PairTable): FlatFigures => {
  const counts = new Uint32Array(table.size);
  for (const kind of table.kinds) (counts[kind] as number)++;
  const vector = new Float64Array(FIGURES.length);
  table.figures(counts, vector, 0);
  return Object.fromEntries(FIGURES.map((name, i) => [name, defined(vector[i] as number)])) as FlatFigures;
};

const defined = (x: number): number | null => (Number.isNaN(x) ? null : x);
