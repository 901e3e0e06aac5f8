import { div, mul, neg, sub } from '../graph/elementwise.ts';
import type { Expression } from '../graph/expression.ts';
import type { Rules } from './rules.ts';
import { unbroadcast } from './unbroadcast.ts';

/** Of two operands that were broadcast. */
const both = (of: Expression, a: Expression, b: Expression): Expression[] =>
  [a, b].map((gradient, i) => unbroadcast(gradient, of.inputs[i]?.shape ?? []));

const operands = (of: Expression): [Expression, Expression] =>
  of.inputs as unknown as [Expression, Expression];
const operand = (of: Expression): Expression => of.inputs[0] as Expression;

export const ELEMENTWISE_RULES: Rules = {
  Add: (of, g) => both(of, g, g),
  Sub: (of, g) => both(of, g, neg(g)),
  Mul: (of, g) => {
    const [a, b] = operands(of);
    return both(of, mul(g, b), mul(g, a));
  },
  Div: (of, g) => {
    const [, b] = operands(of);
    return both(of, div(g, b), neg(div(mul(g, of), b)));
  },
  Neg: (_, g) => [neg(g)],
  Exp: (of, g) => [mul(g, of)],
  Log: (of, g) => [div(g, operand(of))],
  Sqrt: (of, g) => [div(g, mul(of, 2))],
  Reciprocal: (of, g) => [neg(mul(g, mul(of, of)))],
  Sigmoid: (of, g) => [mul(g, sub(of, mul(of, of)))],
  Tanh: (of, g) => [sub(g, mul(g, mul(of, of)))],
};
