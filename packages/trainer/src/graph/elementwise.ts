import { type Expression, express, type Shape, sameShape, scalar } from './expression.ts';

export type Operand = Expression | number;

const lifted = (x: Operand): Expression => (typeof x === 'number' ? scalar(x) : x);

/** The shape of two that are applied elementwise: numpy's rule. @throws RangeError where they do not go together */
export const broadcastShape = (a: Shape, b: Shape): Shape =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, fromEnd) => {
    const [x, y] = [a.at(-1 - fromEnd) ?? 1, b.at(-1 - fromEnd) ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`Cannot broadcast [${a}] with [${b}].`);
    return x === 1 ? y : x;
  }).reverse();

const binary =
  (operator: string) =>
  (left: Operand, right: Operand): Expression => {
    let [a, b] = [lifted(left), lifted(right)];
    const shape = broadcastShape(a.shape, b.shape);
    // An operand need not be expanded where broadcasting does it.
    const bare = (x: Expression, other: Expression): Expression => {
      const [inner] = x.inputs;
      return x.operator === 'Expand' && inner && sameShape(broadcastShape(inner.shape, other.shape), shape)
        ? inner
        : x;
    };
    a = bare(a, b);
    b = bare(b, a);
    return express({ operator, inputs: [a, b], shape });
  };

export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');

const unary =
  (operator: string) =>
  (x: Expression): Expression =>
    express({ operator, inputs: [x], shape: x.shape });

export const neg = unary('Neg');
export const exp = unary('Exp');
export const log = unary('Log');
export const sqrt = unary('Sqrt');
export const reciprocal = unary('Reciprocal');
export const sigmoid = unary('Sigmoid');
export const tanh = unary('Tanh');
export const square = (x: Expression): Expression => mul(x, x);

/** Between two bounds. It has no gradient: it bounds what is not differentiated. */
export const clip = (x: Expression, low: number, high: number): Expression =>
  express({ operator: 'Clip', inputs: [x, scalar(low), scalar(high)], shape: x.shape });

/** Whether two are equal, of token ids. */
export const equal = (a: Expression, b: Expression): Expression =>
  express({ operator: 'Equal', inputs: [a, b], shape: broadcastShape(a.shape, b.shape), kind: 'bool' });

/** Truth values as 0 and 1, or ids as numbers. */
export const toFloat = (x: Expression): Expression =>
  express({ operator: 'Cast', inputs: [x], shape: x.shape, attributes: { to: 1 } });
