import { type OnnxTensor, readTensor, writeTensor } from './tensor.ts';
import { type OnnxValue, readValue } from './value.ts';
import { type Field, fieldsOf, MessageWriter, numbersOf, text, WireError } from './wire.ts';

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
    else if (field.number === 5) node.attributes.push(rawAttribute(field.bytes));
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

/** An attribute as it lies in a file. */
export const rawAttribute = (raw: Uint8Array): OnnxAttribute => {
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
  return rawAttribute(out.finish());
};
