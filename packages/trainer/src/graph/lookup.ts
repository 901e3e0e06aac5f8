import { equal, toFloat } from './elementwise.ts';
import { constant, type Expression, express } from './expression.ts';
import { reshape } from './shaping.ts';

/** Rows of a table [rows, ...] by their numbers, int32 of any shape. */
export const gather = (table: Expression, ids: Expression): Expression =>
  express({
    operator: 'Gather',
    inputs: [table, ids],
    shape: [...ids.shape, ...table.shape.slice(1)],
    attributes: { axis: 0 },
  });

const countTo = (n: number): Expression =>
  constant(
    Int32Array.from({ length: n }, (_, i) => i),
    [n],
  );

/** Ids of any shape as rows of `depth` zeros with a one: [..., depth]. */
export const oneHot = (ids: Expression, depth: number): Expression =>
  toFloat(equal(reshape(ids, [...ids.shape, 1]), countTo(depth)));
