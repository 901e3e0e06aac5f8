import { newestRate, type SlicePassRate } from './pass-rate.ts';
import { withFloor } from './shares.ts';

/** Of which a part is spread evenly, so that what is solved is not forgotten. */
const FLOOR = 0.15;

/** Shares as the newest failure rates are: hard example mining by slices (Shrivastava, Gupta and Girshick 2016), with a floor. */
export const failureWeighted = (slices: readonly SlicePassRate[]): number[] =>
  withFloor(
    slices.map((slice) => 1 - newestRate(slice)),
    FLOOR,
  );
