/** ln n!, exact to double precision for small n, by sums; kept as they are made. */
const logFactorials: number[] = [0];
const logFactorial = (n: number): number => {
  for (let i = logFactorials.length; i <= n; i++)
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  return logFactorials[n] ?? 0;
};

/** Probability of k or fewer of n fair coins. */
const atMost = (k: number, n: number): number => {
  let sum = 0;
  for (let i = 0; i <= k; i++)
    sum += Math.exp(logFactorial(n) - logFactorial(i) - logFactorial(n - i) - n * Math.LN2);
  return Math.min(1, sum);
};

export interface McNemar {
  /** Two-sided exact p: twice the smaller tail of the binomial (n, 1/2), at most 1. */
  p: number;
  /** Two-sided mid-p: the exact one less the probability of the observed table; less conservative. */
  midP: number;
}

/**
 * McNemar's exact test of paired outcomes (McNemar 1947; mid-p after Fagerland, Lydersen and Laake 2013): whether the items on
 * which only one of two judges is right fall to both alike.
 *
 * @param b items on which only the first is right
 * @param c items on which only the second is right
 * @example mcnemar(8, 27).p // 0.0019
 */
export const mcnemar = (b: number, c: number): McNemar => {
  const n = b + c;
  if (n === 0) return { p: 1, midP: 1 };
  const k = Math.min(b, c);
  const tail = atMost(k, n);
  const point = Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) - n * Math.LN2);
  return { p: Math.min(1, 2 * tail), midP: b === c ? 1 - point / 2 : Math.min(1, 2 * tail - point) };
};
