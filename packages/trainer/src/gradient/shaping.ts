import type { Expression } from '../graph/expression.ts';
import { pad, pieces, reshape, transpose } from '../graph/shaping.ts';
import type { Rules } from './rules.ts';
import { unbroadcast } from './unbroadcast.ts';

const operand = (of: Expression): Expression => of.inputs[0] as Expression;

export const SHAPING_RULES: Rules = {
  Reshape: (of, g) => [reshape(g, operand(of).shape)],
  Expand: (of, g) => [unbroadcast(g, operand(of).shape)],
  Transpose: (of, g) => {
    const order = of.attributes.perm as readonly number[];
    return [
      transpose(
        g,
        order.map((_, axis) => order.indexOf(axis)),
      ),
    ];
  },
  Slice: (of, g) => {
    const { axis, from, to } = of.attributes as { axis: number; from: number; to: number };
    return [pad(g, axis, from, (operand(of).shape[axis] ?? 0) - to)];
  },
  Pad: (of, g) => {
    const { axis, before, after } = of.attributes as { axis: number; before: number; after: number };
    const length = operand(of).shape[axis] ?? 0;
    return [
      pieces(
        g,
        axis,
        [before, length, after].filter((n) => n > 0),
      )[before > 0 ? 1 : 0] ?? null,
    ];
  },
  Concat: (of, g) => {
    const axis = of.attributes.axis as number;
    return pieces(
      g,
      axis,
      of.inputs.map((x) => x.shape[axis] ?? 0),
    );
  },
};
