import { attribute, type OnnxGraph, type OnnxModel } from '@flywheel/onnx/model';
import { DATA_TYPES } from '@flywheel/onnx/tensor';
import { value } from '@flywheel/onnx/value';
import { MessageWriter } from '@flywheel/onnx/wire';
import type { NamedWeight } from '../llama/hugging-face.ts';
import { type DecoderShape, headSize } from '../llama/shape.ts';

type Attributes = Readonly<Record<string, number | { float: number }>>;
const MICROSOFT = 'com.microsoft';

/**
 * A decoder as the exports of onnx-community have it, so that the same engine runs ours and others: `SimplifiedLayerNormalization`,
 * `GroupQueryAttention` with rotary positions inside, a cache of keys and values (github.com/microsoft/onnxruntime,
 * docs/ContribOperators.md).
 *
 * Inputs: `input_ids` and `attention_mask` int64, `past_key_values.N.key` and `.value` [batch, key heads, past, size]. Outputs:
 * `logits` [batch, sequence, vocabulary], `present.N.key` and `.value`.
 *
 * @param weights as of `huggingFaceWeights`
 * @throws RangeError that names a weight that is missing or of another shape
 */
export const onnxDecoder = (shape: DecoderShape, weights: ReadonlyMap<string, NamedWeight>): OnnxModel => {
  const graph = new DecoderGraph(shape, weights);
  graph.input('input_ids', ['batch_size', 'sequence_length']);
  graph.input('attention_mask', ['batch_size', 'total_sequence_length']);
  const lengths = graph.lengths();
  const tables = [graph.table('cos_cache', Math.cos), graph.table('sin_cache', Math.sin)];
  const embedding = graph.weight('model.embed_tokens.weight', [shape.vocabulary, shape.width]);
  let stream = graph.put('Gather', [embedding, 'input_ids'], { axis: 0 });
  for (let layer = 0; layer < shape.layers; layer++) {
    const mixed = graph.attention(stream, layer, lengths, tables);
    const added = graph.put('Add', [stream, mixed]);
    stream = graph.put('Add', [added, graph.feedForward(added, layer)]);
  }
  graph.logits(stream, embedding);
  return graph.model();
};

class DecoderGraph {
  private readonly graph: OnnxGraph = { name: 'decoder', nodes: [], tensors: [], inputs: [], outputs: [] };
  private readonly shape: DecoderShape;
  private readonly weights: ReadonlyMap<string, NamedWeight>;

  constructor(shape: DecoderShape, weights: ReadonlyMap<string, NamedWeight>) {
    this.shape = shape;
    this.weights = weights;
  }

  input(name: string, dims: readonly (number | string)[]): void {
    this.graph.inputs.push(value(name, 'int64', dims));
  }

  put(
    opType: string,
    inputs: string[],
    attributes: Attributes = {},
    outputs: string[] = [`${opType}_${this.graph.nodes.length}`],
    domain = '',
  ): string {
    const made = Object.entries(attributes).map(([name, setting]) => attribute(name, setting));
    this.graph.nodes.push({ name: outputs[0] ?? '', opType, domain, inputs, outputs, attributes: made });
    return outputs[0] ?? '';
  }

  weight(name: string, dims: readonly number[]): string {
    return this.floats(name, dims, this.valuesOf(name, dims));
  }

  /** Rotary positions' [positions, half of a head]. */
  table(name: string, of: (angle: number) => number): string {
    const { positions, ropeTheta } = this.shape;
    const half = headSize(this.shape) / 2;
    const angles = Float32Array.from({ length: positions * half }, (_, i) =>
      of(Math.floor(i / half) * ropeTheta ** (-(i % half) / half)),
    );
    return this.floats(name, [positions, half], angles);
  }

  /** What attention wants to know of a batch: the last position of each row, and the longest row. */
  lengths(): string[] {
    const one = this.integers('one', [1], [1]);
    const whole = this.put('ReduceSum', ['attention_mask', one], { keepdims: 0 });
    const last = this.put('Cast', [this.put('Sub', [whole, one])], { to: DATA_TYPES.int32 });
    const axis = this.integers('second_axis', [], [1]);
    const longest = this.put('Gather', [this.put('Shape', ['attention_mask']), axis], { axis: 0 });
    return [last, this.put('Cast', [longest], { to: DATA_TYPES.int32 })];
  }

  attention(stream: string, layer: number, lengths: readonly string[], tables: readonly string[]): string {
    const { heads, keyHeads, width } = this.shape;
    const size = headSize(this.shape);
    const of = (name: string): string => `model.layers.${layer}.self_attn.${name}_proj.weight`;
    const normal = this.normal(stream, `model.layers.${layer}.input_layernorm.weight`);
    const projected = (['q', 'k', 'v'] as const).map((name) =>
      this.linear(normal, of(name), (name === 'q' ? heads : keyHeads) * size, width),
    );
    const [past, present] = [`past_key_values.${layer}`, `present.${layer}`];
    for (const part of ['key', 'value']) {
      const state = (length: string) => ['batch_size', keyHeads, length, size];
      this.graph.inputs.push(value(`${past}.${part}`, 'float32', state('past_sequence_length')));
      this.graph.outputs.push(value(`${present}.${part}`, 'float32', state('total_sequence_length')));
    }
    const mixed = this.put(
      'GroupQueryAttention',
      [...projected, `${past}.key`, `${past}.value`, ...lengths, ...tables],
      {
        num_heads: heads,
        kv_num_heads: keyHeads,
        do_rotary: 1,
        rotary_interleaved: 0,
        scale: { float: size ** -0.5 },
      },
      [`attention_${layer}`, `${present}.key`, `${present}.value`],
      MICROSOFT,
    );
    return this.linear(mixed, of('o'), width, heads * size);
  }

  feedForward(stream: string, layer: number): string {
    const { width, hidden } = this.shape;
    const of = (name: string): string => `model.layers.${layer}.mlp.${name}_proj.weight`;
    const normal = this.normal(stream, `model.layers.${layer}.post_attention_layernorm.weight`);
    const gate = this.linear(normal, of('gate'), hidden, width);
    const silu = this.put('Mul', [gate, this.put('Sigmoid', [gate])]);
    const gated = this.put('Mul', [silu, this.linear(normal, of('up'), hidden, width)]);
    return this.linear(gated, of('down'), width, hidden);
  }

  /** The product with the vocabulary, whose weights are the embedding's. */
  logits(stream: string, embedding: string): void {
    const table = this.put('Transpose', [embedding]);
    this.put('MatMul', [this.normal(stream, 'model.norm.weight'), table], {}, ['logits']);
    const dims = ['batch_size', 'sequence_length', this.shape.vocabulary];
    this.graph.outputs.unshift(value('logits', 'float32', dims));
  }

  model(): OnnxModel {
    const opset = (domain: string, version: number) => ({
      number: 8,
      wire: 2 as const,
      bytes: new MessageWriter().text(1, domain).varint(2, version).finish(),
    });
    return {
      graph: this.graph,
      rest: [{ number: 1, wire: 0, value: 8n }, opset('', 17), opset(MICROSOFT, 1)],
    };
  }

  private normal(stream: string, name: string): string {
    const { width, epsilon } = this.shape;
    return this.put('SimplifiedLayerNormalization', [stream, this.weight(name, [width])], {
      axis: -1,
      epsilon: { float: epsilon },
      stash_type: 1,
    });
  }

  /** A product with weights that checkpoints hold as [out, in], and graphs as [in, out]. */
  private linear(x: string, name: string, out: number, into: number): string {
    const rows = this.valuesOf(name, [out, into]);
    const columns = new Float32Array(rows.length);
    for (let row = 0; row < out; row++)
      for (let i = 0; i < into; i++) columns[i * out + row] = rows[row * into + i] as number;
    return this.put('MatMul', [x, this.floats(`${name}.transposed`, [into, out], columns)]);
  }

  private valuesOf(name: string, dims: readonly number[]): Float32Array {
    const found = this.weights.get(name);
    if (!found) throw new RangeError(`The checkpoint has no weight ${name}.`);
    if (String(found.dims) !== String(dims))
      throw new RangeError(`The weight ${name} is [${found.dims}]; this model needs [${dims}].`);
    return found.values;
  }

  private floats(name: string, dims: readonly number[], values: Float32Array): string {
    const bytes = new Uint8Array(values.slice().buffer);
    this.graph.tensors.push({ name, dims: [...dims], dataType: DATA_TYPES.float32, bytes, external: null });
    return name;
  }

  private integers(name: string, dims: number[], values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.graph.tensors.push({ name, dims, dataType: DATA_TYPES.int64, bytes, external: null });
    return name;
  }
}
