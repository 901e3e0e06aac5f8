/** Weights as shares that sum to 1; equal ones where no weight is above 0. */
export const normalised = (weights: readonly number[]): number[] => {
  const sum = weights.reduce((total, weight) => total + Math.max(0, weight), 0);
  return weights.map((weight) => (sum > 0 ? Math.max(0, weight) / sum : 1 / weights.length));
};

/** Shares of which a part, 0..1, is spread evenly: no slice is forgotten. */
export const withFloor = (weights: readonly number[], part: number): number[] =>
  normalised(weights).map((share) => (1 - part) * share + part / weights.length);
