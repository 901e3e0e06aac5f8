/**
 * Probability that at least one of `k` samples is right, estimated without bias from `n` of which `c` were:
 * 1 - C(n - c, k) / C(n, k) (Chen et al. 2021, arXiv 2107.03374, eq. 1), computed as a product so that nothing overflows.
 *
 * @throws RangeError unless 0 <= c <= n and 1 <= k <= n
 */
export const passAtK = (n: number, c: number, k: number): number => {
  if (!(k >= 1 && k <= n && c >= 0 && c <= n))
    throw new RangeError(`pass@k needs 1 <= k <= n and 0 <= c <= n, but k = ${k}, n = ${n}, c = ${c}.`);
  if (n - c < k) return 1;
  let none = 1;
  for (let i = n - c + 1; i <= n; i++) none *= 1 - k / i;
  return 1 - none;
};

/** What samples of one problem answered. */
export interface Votes {
  /** The answer that most gave (the earlier one of equals), in the form in which it was first given; null: none gave any. */
  majority: string | null;
  /** Share of all samples that gave it, 0..1. */
  share: number;
  /** Entropy of the distribution of answers, in nats; those without an answer count as one. 0: all agree. */
  entropy: number;
}

/**
 * Counts answers that mean the same (Wang et al. 2023, self-consistency, arXiv 2203.11171).
 *
 * @param answers one a sample, null where it gave none
 * @param keyOf equal for answers that mean the same, e.g. `7` and `7.0`
 */
export const vote = (answers: readonly (string | null)[], keyOf: (answer: string) => string): Votes => {
  const counts = new Map<string | null, { first: string | null; n: number }>();
  for (const answer of answers) {
    const key = answer === null ? null : keyOf(answer);
    const own = counts.get(key) ?? { first: answer, n: 0 };
    own.n++;
    counts.set(key, own);
  }
  const total = answers.length;
  let best: { first: string | null; n: number } = { first: null, n: 0 };
  let entropy = 0;
  for (const [key, own] of counts) {
    entropy -= (own.n / total) * Math.log(own.n / total);
    if (key !== null && own.n > best.n) best = own;
  }
  return { majority: best.first, share: total === 0 ? 0 : best.n / total, entropy: Math.max(0, entropy) };
};
