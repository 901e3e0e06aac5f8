import { type Expression, express, sameShape } from './expression.ts';

/** Which operands are taken with their last two axes swapped. */
export interface Turned {
  left?: boolean;
  right?: boolean;
}

/**
 * The matrix product over the last two axes; what stands before them is equal.
 *
 * @throws RangeError where the shapes do not go together
 */
export const matmul = (
  a: Expression,
  b: Expression,
  { left = false, right = false }: Turned = {},
): Expression => {
  const [m, k] = ends(a, left);
  const [k2, n] = ends(b, right);
  const before = a.shape.slice(0, -2);
  if (k !== k2 || !sameShape(before, b.shape.slice(0, -2)))
    throw new RangeError(
      `Cannot multiply [${a.shape}]${left ? 'ᵀ' : ''} with [${b.shape}]${right ? 'ᵀ' : ''}.`,
    );
  return express({
    operator: 'MatMul',
    inputs: [a, b],
    shape: [...before, m, n],
    attributes: { left: Number(left), right: Number(right) },
  });
};

/** Rows and columns as the product sees them. */
const ends = ({ shape }: Expression, turned: boolean): [number, number] => {
  const [rows, columns] = [shape.at(-2) ?? 0, shape.at(-1) ?? 0];
  return turned ? [columns, rows] : [rows, columns];
};
