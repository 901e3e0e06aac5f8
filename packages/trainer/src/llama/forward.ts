import { add, equal, mul, sub, toFloat } from '../graph/elementwise.ts';
import { constant, type Expression } from '../graph/expression.ts';
import { gather } from '../graph/lookup.ts';
import { matmul } from '../graph/product.ts';
import { concat, pieces, reshape, transpose } from '../graph/shaping.ts';
import { attention } from '../layers/attention.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { swiglu } from '../layers/swiglu.ts';
import { type DecoderShape, headSize } from './shape.ts';

/** What attention adds to the score of what may not be looked at. */
const FORBIDDEN = 1e9;

/**
 * The decoder's forward pass.
 *
 * @param weights by name, see `parametersOf`
 * @param tokens [rows, length], int32
 * @param segments [rows, length], int32: a token looks at those before it with its own number only, so that texts that share a row
 *   do not see each other. Their positions run on through the row: rotary positions count differences only (Su et al. 2021).
 * @returns logits [rows · length, vocabulary]
 */
export const forward = (
  shape: DecoderShape,
  weights: ReadonlyMap<string, Expression>,
  tokens: Expression,
  segments: Expression,
): Expression => {
  const weight = (name: string): Expression => {
    const found = weights.get(name);
    if (!found) throw new RangeError(`The decoder has no weight ${name}.`);
    return found;
  };
  const [rows = 0, length = 0] = tokens.shape;
  const embedding = weight('embedding');
  const bias = lookingBack(segments);
  const turn = rotary(shape, length);
  let stream = reshape(gather(embedding, tokens), [rows * length, shape.width]);
  for (let layer = 0; layer < shape.layers; layer++) {
    const of = (name: string): Expression => weight(`${layer}.${name}`);
    const normal = rmsNorm(stream, of('attentionNorm'), shape.epsilon);
    const heads = turn(matmul(normal, of('queriesKeysValues')), rows);
    const mixed = merge(shape, attention(...heads, bias), rows, length);
    stream = add(stream, matmul(mixed, of('attentionOut')));
    const gateUp = matmul(rmsNorm(stream, of('mlpNorm'), shape.epsilon), of('gateUp'));
    const [gate, up] = pieces(gateUp, 1, [shape.hidden, shape.hidden]) as [Expression, Expression];
    stream = add(stream, matmul(swiglu(gate, up), of('down')));
  }
  return matmul(rmsNorm(stream, weight('finalNorm'), shape.epsilon), embedding, { right: true });
};

/** [rows, 1, 1, length, length]: 0 where a token may look, -1e9 where it may not. */
const lookingBack = (segments: Expression): Expression => {
  const [rows = 0, length = 0] = segments.shape;
  const causal = Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
  const same = equal(reshape(segments, [rows, 1, 1, length, 1]), reshape(segments, [rows, 1, 1, 1, length]));
  return mul(sub(mul(toFloat(same), constant(causal, [length, length])), 1), FORBIDDEN);
};

/**
 * Takes queries, keys and values of all heads apart, with their positions turned into the first two. Queries are scaled by the root
 * of a head's size on the way: their table of cosines is.
 *
 * @returns of [tokens, columns of `queriesKeysValues`]: [rows · key heads, group · length, size] and twice
 *   [rows · key heads, length, size]
 */
const rotary = (
  shape: DecoderShape,
  length: number,
): ((columns: Expression, rows: number) => [Expression, Expression, Expression]) => {
  const { heads, keyHeads, ropeTheta } = shape;
  const size = headSize(shape);
  const half = size / 2;
  const turned = (heads + keyHeads) * half;
  const table = (of: (angle: number) => number): Expression =>
    constant(
      Float32Array.from({ length: length * turned }, (_, i) => {
        const [position, column] = [Math.floor(i / turned), i % turned];
        const angle = position * ropeTheta ** (-(column % half) / half);
        return of(angle) * (column < heads * half ? 1 / Math.sqrt(size) : 1);
      }),
      [length, turned],
    );
  const [cosines, sines] = [table(Math.cos), table(Math.sin)];
  return (columns, rows) => {
    const [first, second, values] = pieces(
      reshape(columns, [rows, length, 2 * turned + keyHeads * size]),
      2,
      [turned, turned, keyHeads * size],
    ) as [Expression, Expression, Expression];
    const both = reshape(
      concat([sub(mul(first, cosines), mul(second, sines)), add(mul(second, cosines), mul(first, sines))], 2),
      [rows, length, 2, heads + keyHeads, half],
    );
    const [queries, keys] = pieces(both, 3, [heads, keyHeads]) as [Expression, Expression];
    const apart = (x: Expression, count: number): Expression =>
      reshape(transpose(x, [0, 3, 1, 2, 4]), [rows * keyHeads, (count / keyHeads) * length, size]);
    return [
      apart(queries, heads),
      apart(keys, keyHeads),
      reshape(transpose(reshape(values, [rows, length, keyHeads, size]), [0, 2, 1, 3]), [
        rows * keyHeads,
        length,
        size,
      ]),
    ];
  };
};

/** Heads side by side again: [tokens, heads · size]. */
const merge = (shape: DecoderShape, mixed: Expression, rows: number, length: number): Expression =>
  reshape(transpose(reshape(mixed, [rows, shape.heads, length, headSize(shape)]), [0, 2, 1, 3]), [
    rows * length,
    shape.width,
  ]);
