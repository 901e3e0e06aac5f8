import { normal, seededRandom } from '@flywheel/domain/metrics/random';
import { type Expression, type Shape, sizeOf } from '../graph/expression.ts';
import { pieces, reshape } from '../graph/shaping.ts';
import { type DecoderShape, headSize } from './shape.ts';

/** A weight of a decoder: its place in the one vector that all weights lie in, so that an optimiser has few tensors to handle. */
export interface Parameter {
  /** `embedding`, `finalNorm`, or a layer's, e.g. `2.down`. */
  name: string;
  shape: Shape;
  /** Standard deviation at the start; null for a gain, which starts at 1. */
  deviation: number | null;
}

/** Of what matrices start with, times the square root of what goes in (He et al. 2015 has √2; smaller is calmer in so small a model). */
const GAIN = 0.8;
const EMBEDDING_DEVIATION = 0.05;

/**
 * All weights in the order of the vector: matrices, which decay, then gains, which do not. Products are written [in, out]. Columns
 * of `queriesKeysValues` are the first halves of all heads of queries and keys, then their second halves, then the values: so
 * rotary positions turn two wide blocks instead of many narrow ones (see `forward`).
 */
export const parametersOf = (shape: DecoderShape): Parameter[] => {
  const { vocabulary, width, layers, heads, keyHeads, hidden } = shape;
  const size = headSize(shape);
  const matrix = (name: string, rows: number, columns: number, into = 1): Parameter => ({
    name,
    shape: [rows, columns],
    deviation: GAIN / Math.sqrt(rows * into),
  });
  const gain = (name: string): Parameter => ({ name, shape: [width], deviation: null });
  const numbers = Array.from({ length: layers }, (_, layer) => layer);
  // Products that are added to the residual stream are made smaller by the number of additions (Radford et al. 2019).
  const added = 2 * layers;
  return [
    { name: 'embedding', shape: [vocabulary, width], deviation: EMBEDDING_DEVIATION },
    ...numbers.flatMap((layer) => [
      matrix(`${layer}.queriesKeysValues`, width, (heads + 2 * keyHeads) * size),
      matrix(`${layer}.attentionOut`, heads * size, width, added),
      matrix(`${layer}.gateUp`, width, 2 * hidden),
      matrix(`${layer}.down`, hidden, width, added),
    ]),
    ...numbers.flatMap((layer) => [gain(`${layer}.attentionNorm`), gain(`${layer}.mlpNorm`)]),
    gain('finalNorm'),
  ];
};

export const countParameters = (shape: DecoderShape): number =>
  parametersOf(shape).reduce((n, parameter) => n + sizeOf(parameter.shape), 0);

/** How many of the vector's numbers, from its start, are of matrices: weight decay is for those. */
export const countDecayed = (shape: DecoderShape): number =>
  parametersOf(shape)
    .filter(({ deviation }) => deviation !== null)
    .reduce((n, parameter) => n + sizeOf(parameter.shape), 0);

/** The weights' vector at the start of training; the same for a seed. */
export const initialWeights = (shape: DecoderShape, seed: number): Float32Array<ArrayBuffer> => {
  const random = seededRandom(seed);
  const weights = new Float32Array(countParameters(shape));
  let at = 0;
  for (const { shape: dims, deviation } of parametersOf(shape))
    for (let i = sizeOf(dims); i > 0; i--)
      weights[at++] = deviation === null ? 1 : deviation * normal(random);
  return weights;
};

/** The vector's parameters as expressions, by name. */
export const cutParameters = (shape: DecoderShape, vector: Expression): ReadonlyMap<string, Expression> => {
  const parameters = parametersOf(shape);
  const cut = pieces(
    vector,
    0,
    parameters.map((parameter) => sizeOf(parameter.shape)),
  );
  return new Map(parameters.map(({ name, shape: dims }, i) => [name, reshape(cut[i] as Expression, dims)]));
};

/** Views of the vector's parameters, by name. */
export const viewParameters = (
  shape: DecoderShape,
  vector: Float32Array,
): ReadonlyMap<string, { dims: Shape; values: Float32Array }> => {
  let at = 0;
  return new Map(
    parametersOf(shape).map(({ name, shape: dims }) => {
      at += sizeOf(dims);
      return [name, { dims, values: vector.subarray(at - sizeOf(dims), at) }];
    }),
  );
};
