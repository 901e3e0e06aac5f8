import { type Expression, sizeOf } from '../graph/expression.ts';
import { oneHot } from '../graph/lookup.ts';
import { matmul } from '../graph/product.ts';
import { reshape } from '../graph/shaping.ts';
import type { Rules } from './rules.ts';

export const LOOKUP_RULES: Rules = {
  // A product instead of a scatter, which not every backend has: tables here have some hundred rows.
  Gather: (of, g) => {
    const [table, ids] = of.inputs as unknown as [Expression, Expression];
    const [rows = 0, ...rest] = table.shape;
    const [looked, width] = [sizeOf(ids.shape), sizeOf(rest)];
    const hot = oneHot(reshape(ids, [looked]), rows);
    return [reshape(matmul(hot, reshape(g, [looked, width]), { left: true }), table.shape), null];
  },
};
