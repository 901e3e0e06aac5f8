/** A rating of one item by one rater; nominal values are strings, ordinal values numbers. */
export interface Rating<V extends string | number> {
  item: string;
  rater: string;
  value: V;
}

export interface Agreement {
  /** Items with two or more ratings, and ratings on them. */
  items: number;
  ratings: number;
  /** Share of agreeing pairs of raters, 0..1; null without a pair. */
  raw: number | null;
  /** Cohen's kappa (1960), only for exactly two raters; null otherwise, or where expected agreement is 1. */
  kappa: number | null;
  /** Krippendorff's alpha (Computing Krippendorff's Alpha-Reliability, 2011); null where nothing varies. */
  alpha: number | null;
}

const groupByItem = <V extends string | number>(ratings: readonly Rating<V>[]): Map<string, V>[] => {
  const items = new Map<string, Map<string, V>>();
  for (const r of ratings) {
    const row = items.get(r.item) ?? new Map<string, V>();
    row.set(r.rater, r.value);
    items.set(r.item, row);
  }
  return [...items.values()].filter((row) => row.size >= 2);
};

const cohenKappa = <V extends string | number>(rows: readonly Map<string, V>[]): number | null => {
  const raters = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const [a, b] = raters;
  if (raters.length !== 2 || a === undefined || b === undefined) return null;
  const share = (rater: string, value: V) =>
    rows.filter((row) => row.get(rater) === value).length / rows.length;
  const observed = rows.filter((row) => row.get(a) === row.get(b)).length / rows.length;
  const values = new Set(rows.flatMap((row) => [...row.values()]));
  const expected = [...values].reduce((sum, v) => sum + share(a, v) * share(b, v), 0);
  return expected === 1 ? null : (observed - expected) / (1 - expected);
};

/** Squared difference function of Krippendorff's alpha between values of rank c and k, with marginals n. */
type Delta = (c: number, k: number, n: readonly number[]) => number;

const nominal: Delta = (c, k) => (c === k ? 0 : 1);

/** Ordinal: (sum of n_g for g from c to k, less half of n_c and n_k) squared. */
const ordinal: Delta = (c, k, n) => {
  const [low, high] = c < k ? [c, k] : [k, c];
  let sum = 0;
  for (let g = low; g <= high; g++) sum += n[g] ?? 0;
  return (sum - ((n[low] ?? 0) + (n[high] ?? 0)) / 2) ** 2;
};

const krippendorff = <V extends string | number>(
  rows: readonly Map<string, V>[],
  delta: Delta,
): number | null => {
  const values = [...new Set(rows.flatMap((row) => [...row.values()]))].sort((x, y) =>
    typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : 1,
  );
  const rank = new Map(values.map((v, i) => [v, i]));
  const size = values.length;
  const coincidence = new Float64Array(size * size);
  for (const row of rows) {
    const ranks = [...row.values()].map((v) => rank.get(v) ?? 0);
    ranks.forEach((c, i) => {
      ranks.forEach((k, j) => {
        if (i !== j) coincidence[c * size + k] = (coincidence[c * size + k] ?? 0) + 1 / (ranks.length - 1);
      });
    });
  }
  const marginal = values.map((_, c) =>
    values.reduce((sum, _v, k) => sum + (coincidence[c * size + k] ?? 0), 0),
  );
  const total = marginal.reduce((a, b) => a + b, 0);
  let observed = 0;
  let expected = 0;
  for (let c = 0; c < size; c++) {
    for (let k = 0; k < size; k++) {
      const d = delta(c, k, marginal);
      observed += (coincidence[c * size + k] ?? 0) * d;
      expected += (marginal[c] ?? 0) * (marginal[k] ?? 0) * d;
    }
  }
  return expected === 0 ? null : 1 - ((total - 1) * observed) / expected;
};

/**
 * Agreement of two or more raters. Items with a single rating are left out; a rater's last rating of an item counts.
 *
 * @param level `nominal` for first-error positions, `ordinal` for step labels (-1 < 0 < +1)
 */
export const agreement = <V extends string | number>(
  ratings: readonly Rating<V>[],
  level: 'nominal' | 'ordinal',
): Agreement => {
  const rows = groupByItem(ratings);
  let pairs = 0;
  let equal = 0;
  for (const row of rows) {
    const values = [...row.values()];
    values.forEach((v, i) => {
      for (const w of values.slice(i + 1)) {
        pairs++;
        if (v === w) equal++;
      }
    });
  }
  return {
    items: rows.length,
    ratings: rows.reduce((sum, row) => sum + row.size, 0),
    raw: pairs === 0 ? null : equal / pairs,
    kappa: rows.length === 0 ? null : cohenKappa(rows),
    alpha: rows.length === 0 ? null : krippendorff(rows, level === 'ordinal' ? ordinal : nominal),
  };
};
