import { attribute, type OnnxGraph, type OnnxModel, type OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';
import { typeOf, value } from '@flywheel/onnx/value';
import { fieldsOf } from '@flywheel/onnx/wire';
import { hiddenKind, type Kind, kindOf, lastProduct, sizesOf } from './last-product.ts';
import { UnsupportedModel } from './refusals.ts';
import { subgraph } from './subgraph.ts';

/** A language model in two graphs, so that logits are made only of the positions that are asked for, and never leave the device. */
export interface SplitModel {
  /** Tokens to hidden states: the model's inputs to `hidden` [batch, sequence, width] and `present.*`. */
  body: OnnxModel;
  /**
   * Hidden states to figures: `hidden`, `positions` int64 [rows] (into batch x sequence), `targets` int64 [rows] to `logits`
   * [rows, vocabulary], `logprob`, `rank`, `entropy` float32 [rows] and `top1` int64 [rows].
   */
  head: OnnxModel;
  /** Width of the hidden states and size of the vocabulary. */
  width: number;
  vocabulary: number;
}

/**
 * Cuts a decoder before its last product, that with the vocabulary.
 *
 * @throws UnsupportedModel where there is no output `logits`, or no such product before it
 */
export const splitModel = (model: OnnxModel): SplitModel => {
  const { graph } = model;
  const last = lastProduct(graph);
  const hidden = last.inputs[0] ?? '';
  const { width, vocabulary } = sizesOf(graph, last);
  const kind = hiddenKind(graph, last);
  const states = graph.outputs.map((o) => o.name).filter((name) => name !== 'logits');
  const body = subgraph(graph, [], [hidden, ...states]);
  const named = body.nodes.map((node) => renamed(node, hidden, 'hidden'));
  return {
    width,
    vocabulary,
    body: {
      ...model,
      graph: {
        ...graph,
        ...body,
        nodes: named,
        outputs: [
          value('hidden', kind, ['batch', 'sequence', width]),
          ...graph.outputs.filter((o) => o.name !== 'logits'),
        ],
      },
    },
    head: {
      ...model,
      graph: headGraph(graph, hidden, {
        width,
        vocabulary,
        kind,
        raw: logitsKind(graph),
        opset: opsetOf(model),
      }),
    },
  };
};

const logitsKind = (graph: OnnxGraph): Kind => {
  const logits = graph.outputs.find((o) => o.name === 'logits');
  return kindOf(logits && typeOf(logits).dataType);
};

const opsetOf = (model: OnnxModel): number => {
  for (const field of model.rest) {
    if (field.number !== 8 || field.wire !== 2) continue;
    let domain = '';
    let version = 0;
    for (const f of fieldsOf(field.bytes)) {
      if (f.number === 1 && f.wire === 2) domain = new TextDecoder().decode(f.bytes);
      if (f.number === 2 && f.wire === 0) version = Number(f.value);
    }
    if (domain === '' || domain === 'ai.onnx') return version;
  }
  return 17;
};

const renamed = (node: OnnxNode, from: string, to: string): OnnxNode => {
  const rename = (name: string): string => (name === from ? to : name);
  return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
};

interface HeadShape {
  width: number;
  vocabulary: number;
  /** Of the hidden states, and of what the graph gives as logits. */
  kind: Kind;
  raw: Kind;
  opset: number;
}

/** log softmax by a shifted sum: stable for logits of any size; `LogSoftmax` has no kernel on WebGPU. */
const headGraph = (
  graph: OnnxGraph,
  hidden: string,
  { width, vocabulary, kind, raw, opset }: HeadShape,
): OnnxGraph => {
  const cut = subgraph(graph, [hidden], ['logits']);
  const strange = cut.inputs.map(({ name }) => name);
  if (strange.length > 0)
    throw new UnsupportedModel(
      `The product with the vocabulary takes ${strange.join(', ')}, and not hidden states alone.`,
    );
  const rowsOf = cut.nodes.map((node) => renamed(renamed(node, hidden, 'head.rows'), 'logits', 'head.raw'));
  const axis: OnnxTensor = ints('head.axis', [1]);
  const max =
    opset >= 18
      ? node('ReduceMax', ['logits', 'head.axis'], 'head.max', { keepdims: 1 })
      : node('ReduceMax', ['logits'], 'head.max', { keepdims: 1, axes: [1] });
  const block = blockOf(vocabulary);
  const nodes: OnnxNode[] = [
    node('Reshape', ['hidden', 'head.flat'], 'head.all'),
    node('Gather', ['head.all', 'positions'], 'head.rows', { axis: 0 }),
    ...rowsOf,
    raw === 'float32'
      ? node('Identity', ['head.raw'], 'logits')
      : node('Cast', ['head.raw'], 'logits', { to: DATA_TYPES.float32 }),
    node('Unsqueeze', ['targets', 'head.axis'], 'head.targets'),
    node('GatherElements', ['logits', 'head.targets'], 'head.picked', { axis: 1 }),
    max,
    node('Sub', ['logits', 'head.max'], 'head.shifted'),
    node('Exp', ['head.shifted'], 'head.exp'),
    ...sum('head.exp', 'head.sum'),
    node('Log', ['head.sum'], 'head.log'),
    node('Sub', ['head.picked', 'head.max'], 'head.pickedShifted'),
    node('Sub', ['head.pickedShifted', 'head.log'], 'head.logprob'),
    node('Squeeze', ['head.logprob', 'head.axis'], 'logprob'),
    node('Greater', ['logits', 'head.picked'], 'head.greater'),
    node('Cast', ['head.greater'], 'head.above', { to: DATA_TYPES.float32 }),
    node('ReduceSum', ['head.above', 'head.axis'], 'rank', { keepdims: 0 }),
    // H = log sum - sum(e x shifted) / sum
    node('Mul', ['head.exp', 'head.shifted'], 'head.weighted'),
    ...sum('head.weighted', 'head.weightedSum'),
    node('Div', ['head.weightedSum', 'head.sum'], 'head.mean'),
    node('Sub', ['head.log', 'head.mean'], 'head.entropy'),
    node('Squeeze', ['head.entropy', 'head.axis'], 'entropy'),
    node('ArgMax', ['logits'], 'top1', { axis: 1, keepdims: 0 }),
  ];
  return {
    name: 'head',
    nodes,
    tensors: [
      ...cut.tensors,
      axis,
      ints('head.last', [2]),
      ints('head.flat', [-1, width]),
      ints('head.blocks', [-1, vocabulary / block, block]),
    ],
    inputs: [
      value('hidden', kind, ['batch', 'sequence', width]),
      value('positions', 'int64', ['rows']),
      value('targets', 'int64', ['rows']),
    ],
    outputs: [
      value('logits', 'float32', ['rows', vocabulary]),
      value('logprob', 'float32', ['rows']),
      value('rank', 'float32', ['rows']),
      value('entropy', 'float32', ['rows']),
      value('top1', 'int64', ['rows']),
    ],
  };
};

/** A block size that divides the vocabulary, near its root. */
const blockOf = (vocabulary: number): number => {
  for (let block = Math.ceil(Math.sqrt(vocabulary)); block < vocabulary; block++)
    if (vocabulary % block === 0) return block;
  return vocabulary;
};

/** Over the vocabulary in two stages: one float32 sum over tens of thousands of terms loses a digit. [rows, 1] */
const sum = (of: string, to: string): OnnxNode[] => [
  node('Reshape', [of, 'head.blocks'], `${to}.blocks`),
  node('ReduceSum', [`${to}.blocks`, 'head.last'], `${to}.parts`, { keepdims: 0 }),
  node('ReduceSum', [`${to}.parts`, 'head.axis'], to, { keepdims: 1 }),
];

const node = (
  opType: string,
  inputs: string[],
  output: string,
  attributes: Readonly<Record<string, number | number[]>> = {},
): OnnxNode => ({
  name: `head/${output}`,
  opType,
  domain: '',
  inputs,
  outputs: [output],
  attributes: Object.entries(attributes).map(([name, v]) => attribute(name, v)),
});

const ints = (name: string, values: number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  dataType: DATA_TYPES.int64,
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  external: null,
});
