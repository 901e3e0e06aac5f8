import type { Expression, Shape } from '../graph/expression.ts';
import { sum } from '../graph/reducing.ts';
import { reshape } from '../graph/shaping.ts';

/** The gradient of what was repeated by broadcasting: summed over its repetitions. */
export const unbroadcast = (gradient: Expression, shape: Shape): Expression => {
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < added || (shape[axis - added] === 1 && length !== 1) ? [axis] : [],
  );
  return reshape(axes.length === 0 ? gradient : sum(gradient, axes), shape);
};
