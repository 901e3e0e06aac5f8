import { add, clip, div, mul, sqrt, square } from '../graph/elementwise.ts';
import { type Expression, scalar } from '../graph/expression.ts';
import { everyAxis, sum } from '../graph/reducing.ts';
import { reshape } from '../graph/shaping.ts';

/**
 * A gradient made no longer than `most` (Pascanu et al. 2013), as torch's `clip_grad_norm_` does it.
 *
 * @param gradient of all weights, [n]
 * @param most of its length
 * @returns the gradient, and its length before, of the shape []
 */
export const clipByNorm = (gradient: Expression, most: number): { clipped: Expression; norm: Expression } => {
  const norm = reshape(sqrt(sum(square(gradient), everyAxis(gradient))), []);
  return { clipped: mul(gradient, clip(div(scalar(most), add(norm, 1e-6)), 0, 1)), norm };
};
