import { measurements, passRate, type SlicePassRate } from './pass-rate.ts';
import { normalised } from './shares.ts';

/** How fast what is newly seen takes the place of what was known, and how evenly arms are drawn; ours, for generations are few. */
const [RATE, TEMPERATURE] = [0.5, 0.25];

/**
 * Self-evolving curriculum (Chen et al. 2025): slices are the arms of a bandit. What an arm pays is the mean absolute advantage of
 * its samples, E|A| = 2 √(p (1 - p)) for normalised rewards of 0 and 1 that are 1 with probability p; values follow it by TD(0),
 * Q ← Q + rate (E|A| - Q) from 1, the most that an arm can pay, so that what was never tried is tried; arms are drawn in proportion
 * to exp(Q / temperature).
 */
export const bandit = (slices: readonly SlicePassRate[]): number[] =>
  normalised(
    slices.map((slice) => {
      const value = measurements(slice).reduce((q, tally) => {
        const p = passRate(tally);
        return q + RATE * (2 * Math.sqrt(p * (1 - p)) - q);
      }, 1);
      return Math.exp(value / TEMPERATURE);
    }),
  );
