/** 95 % of the normal distribution lie within so many standard deviations. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval of a share, 95 % (Wilson 1927). Both ends in 0..1.
 *
 * @param hits of `n`; n > 0
 */
export const wilson = (hits: number, n: number): [low: number, high: number] => {
  const p = hits / n;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
};
