/** How the learning rate goes with the tokens that were learned: not with steps, whose texts differ in length. */
export interface Schedule {
  /** The highest rate. */
  peak: number;
  /** Tokens over which it rises from 0. */
  warmUp: number;
  /** Share of the peak that it ends at, 0..1. */
  floor: number;
}

/**
 * A linear rise, then half a cosine to the floor (Loshchilov and Hutter 2017) at the budget's end.
 *
 * @param learned tokens before the step
 * @param budget tokens of the whole training
 */
export const rateAt = ({ peak, warmUp, floor }: Schedule, learned: number, budget: number): number => {
  const risen = warmUp === 0 ? 1 : Math.min(1, (learned + 1) / warmUp);
  const gone = Math.min(1, learned / budget);
  return peak * risen * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * gone))) / 2);
};
