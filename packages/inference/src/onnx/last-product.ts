import type { OnnxGraph, OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES } from '@flywheel/onnx/tensor';
import { UnsupportedModel } from './refusals.ts';

const PRODUCTS = new Set(['MatMul', 'MatMulNBits', 'Gemm']);

/** The product with the vocabulary. @throws UnsupportedModel where there is no output `logits`, or no product before it */
export const lastProduct = (graph: OnnxGraph): OnnxNode => {
  const maker = new Map(graph.nodes.flatMap((node) => node.outputs.map((o) => [o, node] as const)));
  let node = maker.get('logits');
  if (!node) throw new UnsupportedModel('The graph has no output `logits`: it is no causal language model.');
  // What may follow the product has one operand that is computed: a cast, a scale, a bound.
  for (let steps = 0; steps < 8; steps++) {
    if (PRODUCTS.has(node.opType)) return node;
    const before: OnnxNode | undefined = node.inputs.map((i) => maker.get(i)).find((n) => n !== undefined);
    if (!before) break;
    node = before;
  }
  throw new UnsupportedModel('No product with the vocabulary was found before `logits`.');
};

/** Of the hidden states and of the vocabulary. @throws UnsupportedModel where the weights do not tell */
export const sizesOf = (graph: OnnxGraph, product: OnnxNode): { width: number; vocabulary: number } => {
  const int = (name: string) => Number(product.attributes.find((a) => a.name === name)?.int ?? 0);
  if (product.opType === 'MatMulNBits') return { width: int('K'), vocabulary: int('N') };
  const dimsOf = (name: string | undefined) => graph.tensors.find((t) => t.name === name)?.dims;
  const flipped = product.opType === 'Gemm' && int('transB') === 1;
  let dims = dimsOf(product.inputs[1]);
  if (!dims) {
    // Tied weights: the embedding, transposed.
    const made = graph.nodes.find(
      (n) => n.opType === 'Transpose' && n.outputs.includes(product.inputs[1] ?? ''),
    );
    dims = dimsOf(made?.inputs[0])?.toReversed();
  }
  const [k, n] = flipped ? (dims?.toReversed() ?? []) : (dims ?? []);
  if (k === undefined || n === undefined)
    throw new UnsupportedModel(
      'The sizes of the product with the vocabulary are not known from its weights.',
    );
  return { width: k, vocabulary: n };
};

export type Kind = 'float32' | 'float16';
export const kindOf = (dataType: number | undefined): Kind =>
  dataType === DATA_TYPES.float16 ? 'float16' : 'float32';

/** Of the hidden states: that of the weights, or of the scales of packed ones, which they are multiplied with. */
export const hiddenKind = (graph: OnnxGraph, product: OnnxNode): Kind => {
  const name = product.inputs[product.opType === 'MatMulNBits' ? 2 : 1] ?? '';
  const turned = graph.nodes.find((n) => n.opType === 'Transpose' && n.outputs.includes(name))?.inputs[0];
  return kindOf(graph.tensors.find((t) => t.name === name || t.name === turned)?.dataType);
};
