/**
 * Which candidates are worth going on from, and how often: those that are best on some instance, less those whose every such
 * instance another of them is as good on; each as often as instances on which it is best. GEPA's candidate selection
 * (Agrawal et al. 2025, arXiv 2507.19457, algorithm 2).
 *
 * @param scores one row a candidate, one column an instance, all rows equally long
 * @returns weight by candidate; 0: not on the front
 * @example paretoWeights([[1, 0, 1], [0, 1, 1], [0, 0, 1]]) // [2, 2, 0]
 */
export const paretoWeights = (scores: readonly (readonly number[])[]): number[] => {
  const instances = scores[0]?.length ?? 0;
  const fronts = Array.from({ length: instances }, (_, i) => {
    const best = Math.max(...scores.map((row) => row[i] ?? 0));
    return new Set(scores.flatMap((row, k) => ((row[i] ?? 0) === best ? [k] : [])));
  });
  const sum = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
  // The weakest first, so that of two that cover each other the stronger stays.
  const order = scores.map((row, k) => ({ k, sum: sum(row) })).sort((a, b) => a.sum - b.sum || b.k - a.k);
  const kept = new Set(scores.keys());
  for (const { k } of order) {
    const own = fronts.filter((front) => front.has(k));
    const covered = own.every((front) => [...front].some((other) => other !== k && kept.has(other)));
    if (covered && kept.size > 1) kept.delete(k);
  }
  return scores.map((_, k) => (kept.has(k) ? fronts.filter((front) => front.has(k)).length : 0));
};

/** An index drawn in proportion to its weight; any index where all weigh nothing. */
export const drawWeighted = (weights: readonly number[], random: () => number): number => {
  const total = weights.reduce((a, b) => a + b, 0);
  if (total === 0) return Math.floor(random() * weights.length);
  let left = random() * total;
  for (const [k, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return k;
  }
  return weights.findLastIndex((weight) => weight > 0);
};
