import { type OnnxModel } from '@flywheel/onnx/model';
import { gradients } from '../gradient/gradients.ts';
import { emit } from '../graph/emit.ts';
import { type Expression, input, sizeOf } from '../graph/expression.ts';
import { concat, reshape } from '../graph/shaping.ts';
import { crossEntropy } from '../layers/cross-entropy.ts';
import { type AdamW, adamw } from '../optimiser/adamw.ts';
import { clipByNorm } from '../optimiser/clip.ts';
import { forward } from './forward.ts';
import { countDecayed, countParameters, cutParameters, parametersOf } from './parameters.ts';
import type { DecoderShape } from './shape.ts';

/** What a graph is written for: its shapes do not change. */
export interface BatchShape {
  /** Rows of a batch. */
  rows: number;
  /** Tokens of a row. */
  length: number;
}

export interface Optimiser extends AdamW {
  /** Longest gradient that is taken as it is. */
  clip: number;
}

/** Inputs of a batch; see `Batch`. */
const batchInputs = ({ rows, length }: BatchShape) => ({
  tokens: input('tokens', [rows, length], 'int32'),
  targets: input('targets', [rows, length], 'int32'),
  segments: input('segments', [rows, length], 'int32'),
  counts: input('counts', [rows, length]),
});

const lossOf = (
  shape: DecoderShape,
  batch: BatchShape,
  weights: ReadonlyMap<string, Expression>,
): Expression => {
  const { tokens, targets, segments, counts } = batchInputs(batch);
  const all = [batch.rows * batch.length];
  return crossEntropy(forward(shape, weights, tokens, segments), reshape(targets, all), reshape(counts, all));
};

/**
 * One step of training as a graph: forward, backward, clipping, AdamW.
 *
 * Inputs: a batch (`tokens`, `targets`, `segments` int32, `counts` float32, each [rows, length]), `rate`, `correction1`,
 * `correction2` of the shape [], and the state `weights`, `mean`, `variance`, each [parameters]. Outputs: `loss` and `norm` of the
 * shape [], and the state after the step as `next.weights`, `next.mean`, `next.variance`.
 */
export const trainingGraph = (shape: DecoderShape, batch: BatchShape, optimiser: Optimiser): OnnxModel => {
  const count = countParameters(shape);
  const state = {
    weights: input('weights', [count]),
    mean: input('mean', [count]),
    variance: input('variance', [count]),
  };
  const { loss, gradient } = lossAndGradient(shape, batch, state.weights);
  const { clipped, norm } = clipByNorm(gradient, optimiser.clip);
  const corrections = [input('correction1', []), input('correction2', [])] as const;
  const next = adamw(state, clipped, input('rate', []), corrections, countDecayed(shape), optimiser);
  return emit({
    loss,
    norm,
    'next.weights': next.weights,
    'next.mean': next.mean,
    'next.variance': next.variance,
  });
};

const lossAndGradient = (
  shape: DecoderShape,
  batch: BatchShape,
  vector: Expression,
): { loss: Expression; gradient: Expression } => {
  const weights = cutParameters(shape, vector);
  const loss = lossOf(shape, batch, weights);
  const by = parametersOf(shape).map(({ name }) => weights.get(name) as Expression);
  const parts = gradients(loss, by).map((part) => reshape(part, [sizeOf(part.shape)]));
  return { loss, gradient: concat(parts, 0) };
};

/** Loss and gradient alone, as outputs `loss` and `gradient`: what tests compare with finite differences. */
export const gradientGraph = (shape: DecoderShape, batch: BatchShape): OnnxModel =>
  emit({ ...lossAndGradient(shape, batch, input('weights', [countParameters(shape)])) });

/** The loss of a batch as it is: inputs as of `trainingGraph`, of the state `weights` only. */
export const lossGraph = (shape: DecoderShape, batch: BatchShape): OnnxModel =>
  emit({ loss: lossOf(shape, batch, cutParameters(shape, input('weights', [countParameters(shape)]))) });

/** Logits [rows · length, vocabulary] of a batch; no targets. */
export const logitsGraph = (shape: DecoderShape, batch: BatchShape): OnnxModel => {
  const { tokens, segments } = batchInputs(batch);
  const weights = cutParameters(shape, input('weights', [countParameters(shape)]));
  return emit({ logits: forward(shape, weights, tokens, segments) });
};
