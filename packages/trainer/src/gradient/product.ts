import type { Expression } from '../graph/expression.ts';
import { matmul } from '../graph/product.ts';
import type { Rules } from './rules.ts';

export const PRODUCT_RULES: Rules = {
  MatMul: (of, g) => {
    const [a, b] = of.inputs as unknown as [Expression, Expression];
    const [left, right] = [of.attributes.left === 1, of.attributes.right === 1];
    return [
      left ? matmul(b, g, { left: right, right: true }) : matmul(g, b, { right: !right }),
      right ? matmul(g, a, { left: true, right: left }) : matmul(a, g, { left: !left }),
    ];
  },
};
