import type { Shape } from '../graph/expression.ts';
import { viewParameters } from './parameters.ts';
import { type DecoderShape, headSize } from './shape.ts';

/** A weight as Hugging Face's Llama has it: row-major, products as [out, in]. */
export interface NamedWeight {
  dims: Shape;
  values: Float32Array<ArrayBuffer>;
}

/**
 * The weights' vector as the weights of Hugging Face's `LlamaForCausalLM`, tied embeddings: what checkpoints hold. See
 * `parametersOf` for how columns lie in the vector.
 */
export const huggingFaceWeights = (shape: DecoderShape, vector: Float32Array): Map<string, NamedWeight> => {
  const { width, layers, heads, keyHeads, hidden } = shape;
  const size = headSize(shape);
  const half = size / 2;
  const views = viewParameters(shape, vector);
  const view = (name: string): Float32Array => views.get(name)?.values ?? new Float32Array();
  const named = new Map<string, NamedWeight>();
  const gain = (name: string, own: string): void => {
    named.set(name, { dims: [width], values: view(own).slice() });
  };
  /** Columns of [inner, outer], in this order, as rows of [columns, inner]. */
  const product = (
    name: string,
    own: string,
    inner: number,
    outer: number,
    columns: readonly number[],
  ): void => {
    const from = view(own);
    const values = new Float32Array(columns.length * inner);
    for (const [row, column] of columns.entries())
      for (let i = 0; i < inner; i++) values[row * inner + i] = from[i * outer + column] as number;
    named.set(name, { dims: [columns.length, inner], values });
  };
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  const turned = (heads + keyHeads) * half;
  /** Of heads `from` to before `to` among those that are turned: a head's first half, then its second. */
  const headColumns = (from: number, to: number): number[] =>
    range(from, to).flatMap((head) => [
      ...range(head * half, (head + 1) * half),
      ...range(turned + head * half, turned + (head + 1) * half),
    ]);

  const embedding = view('embedding').slice();
  named.set('model.embed_tokens.weight', { dims: [shape.vocabulary, width], values: embedding });
  for (let layer = 0; layer < layers; layer++) {
    const [into, own] = [`model.layers.${layer}`, (name: string) => `${layer}.${name}`];
    const fused = (heads + 2 * keyHeads) * size;
    const project = (name: string, columns: readonly number[]): void =>
      product(`${into}.self_attn.${name}_proj.weight`, own('queriesKeysValues'), width, fused, columns);
    gain(`${into}.input_layernorm.weight`, own('attentionNorm'));
    project('q', headColumns(0, heads));
    project('k', headColumns(heads, heads + keyHeads));
    project('v', range(2 * turned, fused));
    product(`${into}.self_attn.o_proj.weight`, own('attentionOut'), heads * size, width, range(0, width));
    gain(`${into}.post_attention_layernorm.weight`, own('mlpNorm'));
    product(`${into}.mlp.gate_proj.weight`, own('gateUp'), width, 2 * hidden, range(0, hidden));
    product(`${into}.mlp.up_proj.weight`, own('gateUp'), width, 2 * hidden, range(hidden, 2 * hidden));
    product(`${into}.mlp.down_proj.weight`, own('down'), hidden, width, range(0, width));
  }
  gain('model.norm.weight', 'finalNorm');
  return named;
};

/** The fields of Hugging Face's `config.json` that say this shape. */
export const huggingFaceConfig = (shape: DecoderShape): Record<string, unknown> => ({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: shape.vocabulary,
  hidden_size: shape.width,
  intermediate_size: shape.hidden,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  num_key_value_heads: shape.keyHeads,
  head_dim: headSize(shape),
  hidden_act: 'silu',
  max_position_embeddings: shape.positions,
  rms_norm_eps: shape.epsilon,
  rope_theta: shape.ropeTheta,
  rope_scaling: null,
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
});
