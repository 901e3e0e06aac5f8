import { newestRate, type SlicePassRate } from './pass-rate.ts';
import { withFloor } from './shares.ts';

const BAND = [0.2, 0.8] as const;
/** Beside 1 within the band: what is out of reach may come into it, what is known is only kept. */
const [TOO_HARD, TOO_EASY] = [0.15, 0.02];
const FLOOR = 0.15;

/**
 * Slices whose pass rate lies within 0.2 to 0.8, and little of the others. Prompts that are always or never solved teach nothing in
 * reinforcement learning (dynamic sampling of DAPO, Yu et al. 2025); weights outside of the band are ours.
 */
export const targetBand = (slices: readonly SlicePassRate[]): number[] =>
  withFloor(
    slices.map((slice) => {
      const rate = newestRate(slice);
      if (rate < BAND[0]) return TOO_HARD;
      return rate > BAND[1] ? TOO_EASY : 1;
    }),
    FLOOR,
  );
