import { measurements, type SlicePassRate } from './pass-rate.ts';
import { withFloor } from './shares.ts';

/** Measured generations that a slope is taken over, at most. */
const WINDOW = 3;
/** Tried at random, whatever the slopes are (the paper's ε). */
const EXPLORED = 0.1;

/**
 * Teacher-student curriculum learning, its window algorithm (Matiisen et al. 2017, algorithm 3): shares as the absolute slope of the
 * pass rate over the last generations, so that what is forgotten comes back as well. With fewer than two generations all are alike.
 * Rates are as they were seen: smoothed ones would move with the number of items alone.
 */
export const learningProgress = (slices: readonly SlicePassRate[]): number[] =>
  withFloor(
    slices.map((slice) =>
      Math.abs(
        slopeOf(
          measurements(slice)
            .slice(-WINDOW)
            .map(({ generation, n, passed }) => [generation, passed / n]),
        ),
      ),
    ),
    EXPLORED,
  );

/** Of a line through points, by least squares; 0 where there are fewer than two. */
const slopeOf = (points: readonly (readonly [x: number, y: number])[]): number => {
  const middle = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  return points.length < 2 ? 0 : points.reduce((sum, [x, y]) => sum + (x - middle) * y, 0) / spread;
};
