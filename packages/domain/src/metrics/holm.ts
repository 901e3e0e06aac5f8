/**
 * p-values adjusted for being several, so that one below α is rarely false anywhere among them (Holm 1979, step-down).
 *
 * @param ps each in 0..1, in any order
 * @returns the adjusted ones in the same order; no smaller than before, at most 1
 */
export const holm = (ps: readonly number[]): number[] => {
  const order = [...ps.keys()].sort((a, b) => (ps[a] as number) - (ps[b] as number));
  const adjusted = new Array<number>(ps.length).fill(1);
  let highest = 0;
  for (const [rank, i] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * (ps[i] as number)));
    adjusted[i] = highest;
  }
  return adjusted;
};
