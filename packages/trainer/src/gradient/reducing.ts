import { mul, sub } from '../graph/elementwise.ts';
import { type Expression, sizeOf } from '../graph/expression.ts';
import { lastAxis, sum } from '../graph/reducing.ts';
import { expand } from '../graph/shaping.ts';
import type { Rules } from './rules.ts';

const operand = (of: Expression): Expression => of.inputs[0] as Expression;

export const REDUCING_RULES: Rules = {
  ReduceSum: (of, g) => [expand(g, operand(of).shape)],
  ReduceMean: (of, g) => [expand(mul(g, sizeOf(of.shape) / sizeOf(operand(of).shape)), operand(of).shape)],
  Softmax: (of, g) => [mul(of, sub(g, sum(mul(g, of), [lastAxis(of)])))],
};
