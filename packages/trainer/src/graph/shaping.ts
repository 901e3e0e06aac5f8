import { type Expression, express, type Shape, sameShape, sizeOf } from './expression.ts';

/** The same values in another shape. @throws RangeError where the sizes differ */
export const reshape = (x: Expression, shape: Shape): Expression => {
  if (sizeOf(shape) !== sizeOf(x.shape)) throw new RangeError(`Cannot reshape [${x.shape}] to [${shape}].`);
  const inner = x.operator === 'Reshape' ? (x.inputs[0] as Expression) : x;
  return sameShape(inner.shape, shape)
    ? inner
    : express({ operator: 'Reshape', inputs: [inner], shape, kind: x.kind });
};

/** Axes in another order: axis i of the result is `order[i]` of `x`. */
export const transpose = (x: Expression, order: readonly number[]): Expression =>
  express({
    operator: 'Transpose',
    inputs: [x],
    shape: order.map((axis) => x.shape[axis] ?? 0),
    kind: x.kind,
    attributes: { perm: order },
  });

/** Repeated along axes of length 1, and along new ones in front. */
export const expand = (x: Expression, shape: Shape): Expression =>
  sameShape(x.shape, shape) ? x : express({ operator: 'Expand', inputs: [x], shape, kind: x.kind });

/** Indices `from` to before `to` of an axis. @throws RangeError where they are not there */
export const slice = (x: Expression, axis: number, from: number, to: number): Expression => {
  const length = x.shape[axis] ?? 0;
  if (from < 0 || to > length || from >= to)
    throw new RangeError(`Cannot take ${from} to ${to} of axis ${axis} of [${x.shape}].`);
  return from === 0 && to === length
    ? x
    : express({
        operator: 'Slice',
        inputs: [x],
        shape: x.shape.with(axis, to - from),
        kind: x.kind,
        attributes: { axis, from, to },
      });
};

/** An axis cut into pieces of these lengths. WebGPU binds too few buffers for ONNX's `Split` of many: these are slices. */
export const pieces = (x: Expression, axis: number, lengths: readonly number[]): Expression[] => {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return slice(x, axis, at - length, at);
  });
};

/** One after another along an axis. */
export const concat = (xs: readonly Expression[], axis: number): Expression => {
  const [first] = xs;
  if (!first) throw new RangeError('Nothing to concatenate.');
  const length = xs.reduce((sum, x) => sum + (x.shape[axis] ?? 0), 0);
  return xs.length === 1
    ? first
    : express({
        operator: 'Concat',
        inputs: xs,
        shape: first.shape.with(axis, length),
        attributes: { axis },
      });
};

/** Zeros before and after, along an axis. */
export const pad = (x: Expression, axis: number, before: number, after: number): Expression =>
  express({
    operator: 'Pad',
    inputs: [x],
    shape: x.shape.with(axis, (x.shape[axis] ?? 0) + before + after),
    attributes: { axis, before, after },
  });
