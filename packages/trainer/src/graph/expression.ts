/** Of an element: numbers, token ids, truth values. */
export type Kind = 'float32' | 'int32' | 'bool';
export type Shape = readonly number[];

/** Settings of an operator, as ONNX has them: whole numbers, lists of them, or one float. */
export type Attributes = Readonly<Record<string, number | readonly number[] | { readonly float: number }>>;

/**
 * A tensor that is computed: an operator and what it is applied to. Shapes are known and do not change, so mistakes are found when
 * the expression is written. Only what outputs need is emitted, and equal expressions once (see `emit`): rules of differentiation
 * may restate what the forward pass computes, and make gradients that nobody asks for, at no cost.
 */
export interface Expression {
  readonly operator: string;
  readonly inputs: readonly Expression[];
  readonly shape: Shape;
  readonly kind: Kind;
  readonly attributes: Attributes;
  /** Of an input of the graph: its name. */
  readonly name?: string;
  /** Of a constant: its values, row-major. */
  readonly data?: Float32Array | Int32Array;
  /** Gradient in closed form: one for each input, from that of this. Where it is there, the operator's own rule is not used. */
  readonly pullback?: (gradient: Expression) => readonly (Expression | null)[];
}

/** What makes a new expression; see `Expression`. */
export interface Parts {
  operator: string;
  inputs: readonly Expression[];
  shape: Shape;
  kind?: Kind;
  attributes?: Attributes;
}

export const express = ({
  operator,
  inputs,
  shape,
  kind = 'float32',
  attributes = {},
}: Parts): Expression => ({
  operator,
  inputs,
  shape,
  kind,
  attributes,
});

/** What the caller gives at each run. */
export const input = (name: string, shape: Shape, kind: Kind = 'float32'): Expression => ({
  operator: 'Input',
  inputs: [],
  shape,
  kind,
  attributes: {},
  name,
});

/** Values that are part of the graph. */
export const constant = (data: Float32Array | Int32Array, shape: Shape): Expression => {
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`A constant of the shape [${shape}] has ${data.length} values.`);
  const kind = data instanceof Float32Array ? 'float32' : 'int32';
  return { operator: 'Constant', inputs: [], shape, kind, attributes: {}, data };
};

/** One number, of the shape []. */
export const scalar = (value: number): Expression => constant(Float32Array.of(value), []);

/** `body`, with a gradient in closed form: `pullback` gives one for each of `inputs`, from that of the body. */
export const withGradient = (
  body: Expression,
  inputs: readonly Expression[],
  pullback: (gradient: Expression) => readonly (Expression | null)[],
): Expression => ({
  operator: 'Body',
  inputs: [body, ...inputs],
  shape: body.shape,
  kind: body.kind,
  attributes: {},
  pullback: (gradient) => [null, ...pullback(gradient)],
});

/** Elements of a tensor. */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);
