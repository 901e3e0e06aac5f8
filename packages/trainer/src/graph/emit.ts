import { attribute, type OnnxModel, type OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';
import { type OnnxValue, value } from '@flywheel/onnx/value';
import { MessageWriter } from '@flywheel/onnx/wire';
import type { Attributes, Expression, Shape } from './expression.ts';
import { inOrder } from './order.ts';

/** Opset 17 in IR version 8: what every backend of onnxruntime reads. */
const [IR_VERSION, OPSET] = [8, 17];

/** Takes the place of a body with a gradient of its own: what it computes is the body. */
const real = (of: Expression): Expression => (of.operator === 'Body' ? real(of.inputs[0] as Expression) : of);

/**
 * Writes expressions as one ONNX graph of standard operators. Equal expressions are computed once.
 *
 * @param outputs by the names that they come out under; inputs are found from them
 */
export const emit = (outputs: Readonly<Record<string, Expression>>): OnnxModel => {
  const graph = new GraphWriter();
  const roots = Object.entries(outputs).map(([name, of]) => [name, real(of)] as const);
  const operands = ({ inputs }: Expression): Expression[] => inputs.map(real);
  const all = inOrder(
    roots.map(([, of]) => of),
    operands,
  );
  for (const of of all) graph.write(of, operands(of));
  for (const [name, of] of roots) graph.output(name, of);
  return graph.finish();
};

class GraphWriter {
  private readonly nodes: OnnxNode[] = [];
  private readonly tensors = new Map<string, OnnxTensor>();
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly names = new Map<Expression, string>();
  /** Names of what was computed, by how. */
  private readonly computed = new Map<string, string>();

  write(of: Expression, inputs: readonly Expression[]): void {
    this.names.set(
      of,
      this.nameOf(
        of,
        inputs.map((x) => this.names.get(x) as string),
      ),
    );
  }

  output(name: string, of: Expression): void {
    this.nodes.push(node('Identity', [this.names.get(of) as string], name));
    this.outputs.push(value(name, of.kind, of.shape));
  }

  finish(): OnnxModel {
    const opset = new MessageWriter().text(1, '').varint(2, OPSET).finish();
    const { nodes, inputs, outputs } = this;
    return {
      graph: { name: 'training', nodes, tensors: [...this.tensors.values()], inputs, outputs },
      rest: [
        { number: 1, wire: 0, value: BigInt(IR_VERSION) },
        { number: 2, wire: 2, bytes: new TextEncoder().encode('flywheel') },
        { number: 8, wire: 2, bytes: opset },
      ],
    };
  }

  private nameOf(of: Expression, inputs: readonly string[]): string {
    if (of.name !== undefined) {
      this.inputs.push(value(of.name, of.kind, of.shape));
      return of.name;
    }
    if (of.data) return this.constant(of.data, of.shape);
    const {
      axis = 0,
      from = 0,
      to = 0,
      before = 0,
      after = 0,
      left,
      right,
    } = of.attributes as Record<string, number>;
    switch (of.operator) {
      case 'Reshape':
      case 'Expand':
        return this.put(of.operator, [...inputs, this.integers(of.shape)]);
      case 'Slice':
        return this.put('Slice', [...inputs, ...[from, to, axis].map((n) => this.integers([n]))]);
      case 'Pad':
        return this.put('Pad', [...inputs, this.integers(edges(of.shape.length, axis, before, after))]);
      case 'ReduceSum':
        // Since opset 13 its axes are an input; those of the others are not yet.
        return this.put('ReduceSum', [...inputs, this.integers(of.attributes.axes as readonly number[])]);
      case 'MatMul':
        return this.product(of.shape.length, inputs as [string, string], left === 1, right === 1);
      default:
        return this.put(of.operator, inputs, of.attributes);
    }
  }

  /** Turned operands of two axes are read so by `Gemm`; those of more are turned before. */
  private product(rank: number, [a, b]: [string, string], left: boolean, right: boolean): string {
    if (rank === 2 && (left || right))
      return this.put('Gemm', [a, b], { transA: Number(left), transB: Number(right) });
    const order = Array.from({ length: rank }, (_, axis) => axis);
    const perm = [...order.slice(0, -2), rank - 1, rank - 2];
    const turned = (x: string, is: boolean): string => (is ? this.put('Transpose', [x], { perm }) : x);
    return this.put('MatMul', [turned(a, left), turned(b, right)]);
  }

  private put(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const key = `${opType}(${inputs}) ${JSON.stringify(attributes)}`;
    const before = this.computed.get(key);
    if (before !== undefined) return before;
    const name = `${opType}_${this.nodes.length}`;
    this.nodes.push(node(opType, inputs, name, attributes));
    this.computed.set(key, name);
    return name;
  }

  private constant(data: Float32Array | Int32Array, shape: Shape): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dataType = data instanceof Float32Array ? DATA_TYPES.float32 : DATA_TYPES.int32;
    const held = [...this.tensors.values()].find(
      (t) => t.dataType === dataType && String(t.dims) === String(shape) && sameBytes(t.bytes, bytes),
    );
    const name = held?.name ?? `constant_${this.tensors.size}`;
    this.tensors.set(name, { name, dims: [...shape], dataType, bytes, external: null });
    return name;
  }

  private integers(values: readonly number[]): string {
    const name = `integers_${values.join('_')}`;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.tensors.set(name, {
      name,
      dims: [values.length],
      dataType: DATA_TYPES.int64,
      bytes,
      external: null,
    });
    return name;
  }
}

const node = (
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): OnnxNode => ({
  name: output,
  opType,
  domain: '',
  inputs: [...inputs],
  outputs: [output],
  attributes: Object.entries(attributes).map(([name, setting]) =>
    attribute(name, Array.isArray(setting) ? [...setting] : (setting as number | { float: number })),
  ),
});

/** ONNX's `pads`: what comes before each axis, then what comes after each. */
const edges = (rank: number, axis: number, before: number, after: number): number[] => {
  const pads = new Array<number>(2 * rank).fill(0);
  pads[axis] = before;
  pads[rank + axis] = after;
  return pads;
};

const sameBytes = (a: Uint8Array | null, b: Uint8Array): boolean =>
  a !== null && a.length === b.length && a.every((byte, i) => byte === b[i]);
