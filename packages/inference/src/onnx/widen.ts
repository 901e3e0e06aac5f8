import {
  attribute,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  rawAttribute,
} from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor, readTensor, writeTensor } from '@flywheel/onnx/tensor';
import { type OnnxValue, typeOf, value } from '@flywheel/onnx/value';
import { fieldsOf, MessageWriter } from '@flywheel/onnx/wire';
import { UnsupportedModel } from './refusals.ts';

/** Of `AttributeProto` (onnx.proto): a tensor, a graph. */
const TENSOR = 5;
const GRAPH = 6;

/**
 * Makes a model of float16 one of float32, with the same values: for where there are no kernels of float16, or slow ones.
 *
 * @returns how many weights were float16; the model as it was where nothing is
 * @throws UnsupportedModel where the graph has branches of its own
 */
export const widen = (model: OnnxModel): { model: OnnxModel; weights: number } => {
  const { graph } = model;
  const halves = graph.tensors.filter(isHalf).length;
  const edges = [...graph.inputs, ...graph.outputs].some((v) => typeOf(v).dataType === DATA_TYPES.float16);
  if (halves === 0 && !edges) return { model, weights: 0 };
  return {
    weights: halves,
    model: {
      ...model,
      graph: {
        ...graph,
        nodes: graph.nodes.map(widenNode),
        tensors: graph.tensors.map(widenTensor),
        inputs: graph.inputs.map(widenValue),
        outputs: graph.outputs.map(widenValue),
      },
    },
  };
};

const isHalf = ({ dataType }: OnnxTensor): boolean => dataType === DATA_TYPES.float16;

const widenTensor = (tensor: OnnxTensor): OnnxTensor =>
  isHalf(tensor) && tensor.bytes
    ? { ...tensor, dataType: DATA_TYPES.float32, bytes: widenBytes(tensor.bytes) }
    : tensor;

const widenValue = (v: OnnxValue): OnnxValue => {
  const { dataType, dims } = typeOf(v);
  return dataType === DATA_TYPES.float16 ? value(v.name, 'float32', dims) : v;
};

const widenNode = (node: OnnxNode): OnnxNode => ({
  ...node,
  attributes: node.attributes.map((a) =>
    node.opType === 'Cast' && a.name === 'to' && Number(a.int) === DATA_TYPES.float16
      ? attribute('to', DATA_TYPES.float32)
      : widenAttribute(node, a),
  ),
});

/** A constant may be an attribute of its node. */
const widenAttribute = (node: OnnxNode, a: OnnxAttribute): OnnxAttribute => {
  const fields = [...fieldsOf(a.raw)];
  if (fields.some(({ number, wire }) => number === GRAPH && wire === 2))
    throw new UnsupportedModel(
      `The graph is of float16 and branches (${node.opType}): it runs only where float16 does, on WebGPU with shader-f16. Load another precision.`,
    );
  const out = new MessageWriter();
  let changed = false;
  for (const field of fields) {
    const held = field.number === TENSOR && field.wire === 2 ? readTensor(field.bytes) : null;
    changed ||= held !== null && isHalf(held);
    if (held && isHalf(held)) out.message(TENSOR, writeTensor(widenTensor(held)));
    else out.field(field);
  }
  return changed ? rawAttribute(out.finish()) : a;
};

let table: Float32Array | null = null;

/** What each pattern of 16 bits stands for (IEEE 754-2008, binary16). */
const values = (): Float32Array => {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return bits >> 15 === 1 ? -size : size;
  });
  return table;
};

const widenBytes = (bytes: Uint8Array): Uint8Array => {
  const known = values();
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = known[from.getUint16(2 * i, true)] as number;
  return new Uint8Array(out.buffer);
};
