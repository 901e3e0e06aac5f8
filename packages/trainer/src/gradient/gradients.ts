import { add } from '../graph/elementwise.ts';
import { type Expression, scalar } from '../graph/expression.ts';
import { inOrder } from '../graph/order.ts';
import { expand } from '../graph/shaping.ts';
import { RULES } from './rules.ts';

/**
 * Gradients of a loss by expressions that it depends on, in reverse mode (Baydin et al. 2018, section 3.2). Zeros for those that it
 * does not depend on.
 *
 * @param loss of the shape []
 * @throws RangeError where the loss is no scalar, or an operator on the way has no rule
 */
export const gradients = (loss: Expression, by: readonly Expression[]): Expression[] => {
  if (loss.shape.length > 0) throw new RangeError(`A loss has the shape [], not [${loss.shape}].`);
  const order = inOrder([loss]);
  const depends = new Set(by);
  for (const of of order) if (of.inputs.some((x) => depends.has(x))) depends.add(of);
  const gathered = new Map<Expression, Expression>([[loss, scalar(1)]]);
  for (const of of order.toReversed()) {
    const gradient = gathered.get(of);
    if (!gradient || of.inputs.length === 0 || !depends.has(of)) continue;
    const rule = RULES[of.operator];
    if (!of.pullback && !rule) throw new RangeError(`${of.operator} has no rule of differentiation.`);
    const parts = of.pullback?.(gradient) ?? rule?.(of, gradient) ?? [];
    for (const [i, x] of of.inputs.entries()) {
      const part = parts[i];
      if (!part || !depends.has(x)) continue;
      const before = gathered.get(x);
      gathered.set(x, before ? add(before, part) : part);
    }
  }
  return by.map((x) => gathered.get(x) ?? expand(scalar(0), x.shape));
};
