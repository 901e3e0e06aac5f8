import { add, mul, sub } from '../graph/elementwise.ts';
import { type Expression, withGradient } from '../graph/expression.ts';
import { matmul } from '../graph/product.ts';
import { lastAxis, softmax, sum } from '../graph/reducing.ts';
import { reshape } from '../graph/shaping.ts';

/**
 * Attention with grouped queries (Ainslie et al. 2023): the queries of a group stand one below the other, so that keys and values
 * are never repeated. Queries are scaled already.
 *
 * @param queries [batch · key heads, group · length, size]
 * @param keys [batch · key heads, length, size]
 * @param values [batch · key heads, length, size]
 * @param bias [batch, 1, 1, length, length]: added to the scores; 0 where a token may look, very negative where it may not
 * @returns [batch · key heads, group · length, size]
 */
export const attention = (
  queries: Expression,
  keys: Expression,
  values: Expression,
  bias: Expression,
): Expression => {
  const [rows = 0, length = 0] = keys.shape;
  const [, stacked = 0] = queries.shape;
  const batch = bias.shape[0] ?? 0;
  const apart = [batch, rows / batch, stacked / length, length, length];
  const scores = reshape(matmul(queries, keys, { right: true }), apart);
  const weights = reshape(softmax(add(scores, bias)), [rows, stacked, length]);
  const mixed = matmul(weights, values);
  return withGradient(mixed, [queries, keys, values], (gradient) => {
    const byWeights = matmul(gradient, values, { right: true });
    // Row sums of (gradient by weights) · weights are those of gradient · result, which is length / size times smaller (Dao 2022).
    const byScores = mul(weights, sub(byWeights, sum(mul(gradient, mixed), [lastAxis(mixed)])));
    return [
      matmul(byScores, keys),
      matmul(byScores, queries, { left: true }),
      matmul(weights, gradient, { left: true }),
    ];
  });
};
