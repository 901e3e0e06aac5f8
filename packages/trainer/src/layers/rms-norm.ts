import { unbroadcast } from '../gradient/unbroadcast.ts';
import { add, mul, reciprocal, sqrt, square, sub } from '../graph/elementwise.ts';
import { type Expression, withGradient } from '../graph/expression.ts';
import { lastAxis, mean } from '../graph/reducing.ts';

/**
 * Root mean square normalisation over the last axis (Zhang and Sennrich 2019): x / sqrt(mean(x²) + epsilon) · gain.
 *
 * @param x [..., width]
 * @param gain [width]
 */
export const rmsNorm = (x: Expression, gain: Expression, epsilon = 1e-5): Expression => {
  const axes = [lastAxis(x)];
  const scale = reciprocal(sqrt(add(mean(square(x), axes), epsilon)));
  const normal = mul(x, scale);
  return withGradient(mul(normal, gain), [x, gain], (gradient) => {
    const inner = mul(gradient, gain);
    return [
      mul(sub(inner, mul(normal, mean(mul(inner, normal), axes))), scale),
      unbroadcast(mul(gradient, normal), gain.shape),
    ];
  });
};
