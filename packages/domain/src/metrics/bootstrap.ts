import { FIGURES, type FigureName, type PairTable } from './figures.ts';
import { seededRandom } from './random.ts';

export type Interval = [low: number, high: number] | null;
export type Intervals = Record<FigureName, Interval>;

export interface BootstrapOptions {
  resamples: number;
  seed: number;
}

/** The figures of every resample, one vector after the other, for each table. */
type Resampled = readonly Float64Array[];

/**
 * Draws traces with replacement, the same for every table, so that a difference keeps what the judges have in common
 * (Efron and Tibshirani 1993, ch. 13).
 *
 * @param tables of the same traces in the same order
 */
export const resample = (tables: readonly PairTable[], { resamples, seed }: BootstrapOptions): Resampled => {
  const random = seededRandom(seed);
  const n = tables[0]?.kinds.length ?? 0;
  const drawn = new Uint32Array(n);
  const vectors = tables.map(() => new Float64Array(resamples * FIGURES.length));
  const counts = tables.map((table) => new Uint32Array(table.size));
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) drawn[i] = random() * n;
    for (let t = 0; t < tables.length; t++) {
      const { kinds, figures } = tables[t] as PairTable;
      const own = (counts[t] as Uint32Array).fill(0);
      for (let i = 0; i < n; i++) (own[kinds[drawn[i] as number] as number] as number)++;
      figures(own, vectors[t] as Float64Array, r * FIGURES.length);
    }
  }
  return vectors;
};

/** Percentile intervals, 95 %; null where fewer than 90 % of the resamples had a value. */
export const intervalsOf = (vectors: Float64Array): Intervals => {
  const resamples = vectors.length / FIGURES.length;
  const column = new Float64Array(resamples);
  const interval = (figure: number): Interval => {
    let n = 0;
    for (let at = figure; at < vectors.length; at += FIGURES.length) {
      const value = vectors[at] as number;
      if (!Number.isNaN(value)) column[n++] = value;
    }
    if (n === 0 || n < 0.9 * resamples) return null;
    const values = column.subarray(0, n).sort();
    const at = (q: number): number => values[Math.floor(q * n)] as number;
    return [at(0.025), at(0.975)];
  };
  return Object.fromEntries(FIGURES.map((name, i) => [name, interval(i)])) as Intervals;
};
