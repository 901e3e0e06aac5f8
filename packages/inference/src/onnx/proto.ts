import { type Field, fieldsOf, MessageWriter, WireError } from './wire.ts';

/** `TensorProto.DataType` (onnx.proto), those that are met here. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;
export type DataType = keyof typeof DATA_TYPES;

/** A weight. `bytes` are little-endian, row-major; null where they lie in another file. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  dataType: number;
  bytes: Uint8Array | null;
  /** Where the bytes lie, when they are external. */
  external: { location: string; offset: number; length: number | null } | null;
}

export interface OnnxAttribute {
  name: string;
  /** What was read, kept to be written again as it was. */
  raw: Uint8Array;
  int: bigint | null;
  ints: bigint[];
  float: number | null;
}

export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  /** '' where an optional one is left out. */
  inputs: string[];
  outputs: string[];
  attributes: OnnxAttribute[];
}

/** An input or output of a graph: its name, and its type as it was read. */
export interface OnnxValue {
  name: string;
  raw: Uint8Array;
}

export interface OnnxGraph {
  name: string;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
}

export interface OnnxModel {
  graph: OnnxGraph;
  /** Fields of the model beside its graph: IR version, operator sets, producer. */
  rest: Field[];
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** @throws WireError where the bytes are no ONNX model */
export const readModel = (bytes: Uint8Array): OnnxModel => {
  const rest: Field[] = [];
  let graph: OnnxGraph | null = null;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7 && field.wire === 2) graph = readGraph(field.bytes);
    else rest.push(field);
  }
  if (!graph) throw new WireError('The file holds no graph: it is no ONNX model.');
  return { graph, rest };
};

export const writeModel = ({ graph, rest }: OnnxModel): Uint8Array<ArrayBuffer> => {
  const out = new MessageWriter();
  for (const field of rest) out.field(field);
  return out.message(7, writeGraph(graph)).finish();
};

const readGraph = (bytes: Uint8Array): OnnxGraph => {
  const graph: OnnxGraph = { name: '', nodes: [], tensors: [], inputs: [], outputs: [] };
  for (const field of fieldsOf(bytes)) {
    if (field.wire !== 2) continue;
    if (field.number === 1) graph.nodes.push(readNode(field.bytes));
    else if (field.number === 2) graph.name = text(field.bytes);
    else if (field.number === 5) graph.tensors.push(readTensor(field.bytes));
    else if (field.number === 11) graph.inputs.push(readValue(field.bytes));
    else if (field.number === 12) graph.outputs.push(readValue(field.bytes));
  }
  return graph;
};

const writeGraph = (graph: OnnxGraph): MessageWriter => {
  const out = new MessageWriter();
  for (const node of graph.nodes) out.message(1, writeNode(node));
  out.text(2, graph.name);
  for (const tensor of graph.tensors) out.message(5, writeTensor(tensor));
  for (const input of graph.inputs) out.bytes(11, input.raw);
  for (const output of graph.outputs) out.bytes(12, output.raw);
  return out;
};

const readNode = (bytes: Uint8Array): OnnxNode => {
  const node: OnnxNode = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: [] };
  for (const field of fieldsOf(bytes)) {
    if (field.wire !== 2) continue;
    if (field.number === 1) node.inputs.push(text(field.bytes));
    else if (field.number === 2) node.outputs.push(text(field.bytes));
    else if (field.number === 3) node.name = text(field.bytes);
    else if (field.number === 4) node.opType = text(field.bytes);
    else if (field.number === 5) node.attributes.push(readAttribute(field.bytes));
    else if (field.number === 7) node.domain = text(field.bytes);
  }
  return node;
};

const writeNode = (node: OnnxNode): MessageWriter => {
  const out = new MessageWriter();
  for (const input of node.inputs) out.text(1, input);
  for (const output of node.outputs) out.text(2, output);
  out.text(3, node.name).text(4, node.opType);
  for (const attribute of node.attributes) out.bytes(5, attribute.raw);
  return node.domain === '' ? out : out.text(7, node.domain);
};

const readAttribute = (raw: Uint8Array): OnnxAttribute => {
  const attribute: OnnxAttribute = { name: '', raw, int: null, ints: [], float: null };
  for (const field of fieldsOf(raw)) {
    if (field.number === 1 && field.wire === 2) attribute.name = text(field.bytes);
    else if (field.number === 2 && field.wire === 5)
      attribute.float = new DataView(field.bytes.buffer, field.bytes.byteOffset).getFloat32(0, true);
    else if (field.number === 3 && field.wire === 0) attribute.int = BigInt.asIntN(64, field.value);
    else if (field.number === 8) attribute.ints.push(...numbersOf(field));
  }
  return attribute;
};

/** An attribute to be written; integers, lists of integers or a float. */
export const attribute = (name: string, value: number | number[] | { float: number }): OnnxAttribute => {
  const out = new MessageWriter().text(1, name);
  if (typeof value === 'number') out.varint(3, value).varint(20, 2);
  else if (Array.isArray(value)) {
    for (const n of value) out.varint(8, n);
    out.varint(20, 7);
  } else out.float(2, value.float).varint(20, 1);
  return readAttribute(out.finish());
};

/** Repeated integers, packed or not. */
const numbersOf = (field: Field): bigint[] => {
  if (field.wire === 0) return [BigInt.asIntN(64, field.value)];
  const numbers: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of field.bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    numbers.push(BigInt.asIntN(64, value));
    value = 0n;
    shift = 0n;
  }
  return numbers;
};

const readTensor = (bytes: Uint8Array): OnnxTensor => {
  const tensor: OnnxTensor = { name: '', dims: [], dataType: 0, bytes: null, external: null };
  const entries = new Map<string, string>();
  const [int32s, int64s]: [bigint[], bigint[]] = [[], []];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) tensor.dims.push(...numbersOf(field).map(Number));
    else if (field.number === 2 && field.wire === 0) tensor.dataType = Number(field.value);
    else if (field.number === 4 && field.wire === 2) tensor.bytes = field.bytes;
    else if (field.number === 7) int64s.push(...numbersOf(field));
    else if (field.number === 5) int32s.push(...numbersOf(field));
    else if (field.number === 8 && field.wire === 2) tensor.name = text(field.bytes);
    else if (field.number === 9 && field.wire === 2) tensor.bytes = field.bytes;
    else if (field.number === 13 && field.wire === 2) {
      const [key, value] = [...fieldsOf(field.bytes)].map((f) => (f.wire === 2 ? text(f.bytes) : ''));
      if (key !== undefined) entries.set(key, value ?? '');
    }
  }
  if (int64s.length > 0) tensor.bytes = new Uint8Array(BigInt64Array.from(int64s).buffer);
  if (int32s.length > 0) tensor.bytes = new Uint8Array(Int32Array.from(int32s, Number).buffer);
  const location = entries.get('location');
  if (location !== undefined) {
    const length = entries.get('length');
    tensor.bytes = null;
    tensor.external = {
      location,
      offset: Number(entries.get('offset') ?? 0),
      length: length === undefined ? null : Number(length),
    };
  }
  return tensor;
};

const writeTensor = (tensor: OnnxTensor): MessageWriter => {
  const out = new MessageWriter();
  for (const dim of tensor.dims) out.varint(1, dim);
  out.varint(2, tensor.dataType).text(8, tensor.name);
  if (tensor.bytes) return out.bytes(9, tensor.bytes);
  const { location, offset, length } = tensor.external ?? { location: '', offset: 0, length: null };
  const entry = (key: string, value: string): MessageWriter =>
    new MessageWriter().text(1, key).text(2, value);
  out.message(13, entry('location', location)).message(13, entry('offset', String(offset)));
  if (length !== null) out.message(13, entry('length', String(length)));
  return out.varint(14, 1);
};

const readValue = (raw: Uint8Array): OnnxValue => {
  for (const field of fieldsOf(raw))
    if (field.number === 1 && field.wire === 2) return { name: text(field.bytes), raw };
  return { name: '', raw };
};

/** An input or output to be written; a dimension is a number or a name. */
export const value = (name: string, dataType: DataType, dims: readonly (number | string)[]): OnnxValue => {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const one = new MessageWriter();
    shape.message(1, typeof dim === 'number' ? one.varint(1, dim) : one.text(2, dim));
  }
  const tensorType = new MessageWriter().varint(1, DATA_TYPES[dataType]).message(2, shape);
  const type = new MessageWriter().message(1, tensorType);
  return { name, raw: new MessageWriter().text(1, name).message(2, type).finish() };
};
