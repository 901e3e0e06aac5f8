import { add, div, mul, sqrt, square, sub } from '../graph/elementwise.ts';
import { type Expression, scalar } from '../graph/expression.ts';
import { concat, expand } from '../graph/shaping.ts';

/** Settings of AdamW; the learning rate is given at each step. */
export interface AdamW {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Of matrices, a step, times the learning rate. */
  weightDecay: number;
}

/** Weights, and the running means of gradients and of their squares: each [n]. */
export interface AdamState<T> {
  weights: T;
  mean: T;
  variance: T;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2), as torch has it.
 *
 * @param state before it
 * @param gradient [n]
 * @param rate the learning rate, of the shape []
 * @param corrections 1 / (1 - β₁ᵗ) and 1 / (1 - β₂ᵗ) at step t, counted from 1; of the shape []
 * @param decayed so many numbers from the start decay
 */
export const adamw = (
  { weights, mean, variance }: AdamState<Expression>,
  gradient: Expression,
  rate: Expression,
  corrections: readonly [Expression, Expression],
  decayed: number,
  { beta1, beta2, epsilon, weightDecay }: AdamW,
): AdamState<Expression> => {
  const nextMean = add(mul(mean, beta1), mul(gradient, 1 - beta1));
  const nextVariance = add(mul(variance, beta2), mul(square(gradient), 1 - beta2));
  const step = div(
    mul(nextMean, mul(rate, corrections[0])),
    add(sqrt(mul(nextVariance, corrections[1])), epsilon),
  );
  const kept = sub(weights, step);
  if (weightDecay === 0) return { weights: kept, mean: nextMean, variance: nextVariance };
  const [count = 0] = weights.shape;
  const decays = concat([expand(scalar(weightDecay), [decayed]), expand(scalar(0), [count - decayed])], 0);
  return {
    weights: sub(kept, mul(weights, mul(decays, rate))),
    mean: nextMean,
    variance: nextVariance,
  };
};
