/** A whole number from `low` to `high`, both included. */
export const drawInt = (random: () => number, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

/** One of them. @throws RangeError where there is none */
export const drawOne = <T>(random: () => number, from: readonly T[]): T => {
  if (from.length === 0) throw new RangeError('drawOne: there is nothing to draw from.');
  return from[drawInt(random, 0, from.length - 1)] as T;
};
