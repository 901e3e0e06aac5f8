import type { Expression } from '../graph/expression.ts';
import { ELEMENTWISE_RULES } from './elementwise.ts';
import { LOOKUP_RULES } from './lookup.ts';
import { PRODUCT_RULES } from './product.ts';
import { REDUCING_RULES } from './reducing.ts';
import { SHAPING_RULES } from './shaping.ts';

/**
 * The gradient by each input of an operator, from that by its result: its vector-Jacobian product. Null where there is none, as by
 * token ids.
 *
 * @param of the operator's result
 */
export type Rule = (of: Expression, gradient: Expression) => readonly (Expression | null)[];
export type Rules = Readonly<Record<string, Rule>>;

export const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...SHAPING_RULES,
  ...REDUCING_RULES,
  ...PRODUCT_RULES,
  ...LOOKUP_RULES,
};
