import { seededRandom } from '@flywheel/domain/metrics/random';
import { attribute, type OnnxGraph, type OnnxModel, type OnnxNode, writeModel } from '@flywheel/onnx/model';
import { DATA_TYPES } from '@flywheel/onnx/tensor';
import { value } from '@flywheel/onnx/value';
import { fieldsOf, MessageWriter } from '@flywheel/onnx/wire';
import type { ByteSource } from '../model/byte-source.ts';
import { characterTokenizer } from '../model/character-tokenizer.ts';

/** A Llama-type decoder small enough to be made in a test. */
export interface TinyShape {
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  inner: number;
  positions: number;
}

export const TINY: TinyShape = {
  vocabulary: 96,
  width: 32,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 16,
  inner: 48,
  positions: 256,
};

type Attributes = Readonly<Record<string, number | number[] | { float: number }>>;

/** Gathers nodes and weights of a graph. */
class GraphBuilder {
  readonly graph: OnnxGraph = { name: 'tiny', nodes: [], tensors: [], inputs: [], outputs: [] };
  private count = 0;

  op(opType: string, inputs: string[], attributes: Attributes = {}, outputs?: string[], domain = ''): string {
    const made = outputs ?? [`v${this.count++}`];
    const node: OnnxNode = {
      name: made[0] ?? '',
      opType,
      domain,
      inputs,
      outputs: made,
      attributes: Object.entries(attributes).map(([name, v]) => attribute(name, v)),
    };
    this.graph.nodes.push(node);
    return made[0] ?? '';
  }

  floats(name: string, dims: number[], data: Float32Array): string {
    this.tensor(name, dims, DATA_TYPES.float32, new Uint8Array(data.slice().buffer));
    return name;
  }

  ints(dims: number[], values: number[]): string {
    const name = `c${this.count++}`;
    this.tensor(name, dims, DATA_TYPES.int64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
    return name;
  }

  private tensor(name: string, dims: number[], dataType: number, bytes: Uint8Array): void {
    if (this.graph.tensors.some((t) => t.name === name)) return;
    this.graph.tensors.push({ name, dims, dataType, bytes, external: null });
  }

  model(): OnnxModel {
    const opset = (domain: string, version: number): MessageWriter =>
      new MessageWriter().text(1, domain).varint(2, version);
    const rest = new MessageWriter()
      .varint(1, 8)
      .message(8, opset('', 17))
      .message(8, opset('com.microsoft', 1))
      .finish();
    return { graph: this.graph, rest: [...fieldsOf(rest)] };
  }
}

/** Weights by name, the same for a seed. */
export const tinyWeights = (
  shape: TinyShape,
  seed: number,
): Map<string, { dims: number[]; data: Float32Array }> => {
  const random = seededRandom(seed);
  const weights = new Map<string, { dims: number[]; data: Float32Array }>();
  const add = (name: string, dims: number[], scale: number, offset = 0): void => {
    const data = Float32Array.from(
      { length: dims.reduce((a, b) => a * b, 1) },
      () => offset + scale * (2 * random() - 1),
    );
    weights.set(name, { dims, data });
  };
  const { vocabulary, width, heads, keyValueHeads, headSize, inner } = shape;
  add('embedding', [vocabulary, width], 1);
  for (let l = 0; l < shape.layers; l++) {
    add(`${l}.norm1`, [width], 0.3, 1);
    add(`${l}.q`, [width, heads * headSize], 0.4);
    add(`${l}.k`, [width, keyValueHeads * headSize], 0.4);
    add(`${l}.v`, [width, keyValueHeads * headSize], 0.4);
    add(`${l}.o`, [heads * headSize, width], 0.3);
    add(`${l}.norm2`, [width], 0.3, 1);
    add(`${l}.gate`, [width, inner], 0.3);
    add(`${l}.up`, [width, inner], 0.3);
    add(`${l}.down`, [inner, width], 0.3);
  }
  add('norm', [width], 0.3, 1);
  add('head', [width, vocabulary], 0.5);
  return weights;
};

type Weights = ReturnType<typeof tinyWeights>;

const EPSILON = 1e-5;
const THETA = 10_000;

const rotary = ({ positions, headSize }: TinyShape, f: (angle: number) => number): Float32Array =>
  Float32Array.from({ length: (positions * headSize) / 2 }, (_, i) => {
    const [position, j] = [Math.floor(i / (headSize / 2)), i % (headSize / 2)];
    return f(position * THETA ** ((-2 * j) / headSize));
  });

/** As onnx-community exports: a cache of keys and values, grouped attention with rotary positions inside. */
export const cachedGraph = (shape: TinyShape, weights: Weights): OnnxModel => {
  const b = new GraphBuilder();
  const { keyValueHeads, headSize, heads, vocabulary } = shape;
  const w = (name: string): string => {
    const found = weights.get(name);
    return found ? b.floats(name, found.dims, found.data) : name;
  };
  const state = (kind: string, length: string) =>
    ['batch_size', keyValueHeads, length, headSize].map((d) => (kind === '' ? 0 : d));
  b.graph.inputs.push(
    value('input_ids', 'int64', ['batch_size', 'sequence']),
    value('attention_mask', 'int64', ['batch_size', 'total']),
  );
  const sum = b.op('ReduceSum', ['attention_mask', b.ints([1], [1])], { keepdims: 0 });
  const lengths = b.op('Cast', [b.op('Sub', [sum, b.ints([1], [1])])], { to: DATA_TYPES.int32 });
  const total64 = b.op('Gather', [b.op('Shape', ['attention_mask']), b.ints([], [1])], { axis: 0 });
  const total = b.op('Cast', [total64], { to: DATA_TYPES.int32 });
  const cos = b.floats('cos', [shape.positions, headSize / 2], rotary(shape, Math.cos));
  const sin = b.floats('sin', [shape.positions, headSize / 2], rotary(shape, Math.sin));
  const norm = (x: string, name: string): string =>
    b.op('SimplifiedLayerNormalization', [x, w(name)], {
      axis: -1,
      epsilon: { float: EPSILON },
      stash_type: 1,
    });
  let x = b.op('Gather', [w('embedding'), 'input_ids'], { axis: 0 });
  for (let l = 0; l < shape.layers; l++) {
    const [pastKey, pastValue] = [`past_key_values.${l}.key`, `past_key_values.${l}.value`];
    const present = [`present.${l}.key`, `present.${l}.value`];
    b.graph.inputs.push(
      value(pastKey, 'float32', state('k', 'past')),
      value(pastValue, 'float32', state('v', 'past')),
    );
    for (const name of present) b.graph.outputs.push(value(name, 'float32', state('p', 'total')));
    const n = norm(x, `${l}.norm1`);
    const [q, k, v] = ['q', 'k', 'v'].map((name) => b.op('MatMul', [n, w(`${l}.${name}`)])) as [
      string,
      string,
      string,
    ];
    const attended = b.op(
      'GroupQueryAttention',
      [q, k, v, pastKey, pastValue, lengths, total, cos, sin],
      {
        num_heads: heads,
        kv_num_heads: keyValueHeads,
        do_rotary: 1,
        rotary_interleaved: 0,
        scale: { float: headSize ** -0.5 },
      },
      [`att${l}`, ...present],
      'com.microsoft',
    );
    const r = b.op('Add', [x, b.op('MatMul', [attended, w(`${l}.o`)])]);
    x = b.op('Add', [r, feedForward(b, norm(r, `${l}.norm2`), l, w)]);
  }
  b.op('MatMul', [norm(x, 'norm'), w('head')], {}, ['logits']);
  b.graph.outputs.unshift(value('logits', 'float32', ['batch_size', 'sequence', vocabulary]));
  return b.model();
};

const feedForward = (b: GraphBuilder, n: string, l: number, w: (name: string) => string): string => {
  const gate = b.op('MatMul', [n, w(`${l}.gate`)]);
  const silu = b.op('Mul', [gate, b.op('Sigmoid', [gate])]);
  return b.op('MatMul', [b.op('Mul', [silu, b.op('MatMul', [n, w(`${l}.up`)])]), w(`${l}.down`)]);
};

/** The same model in standard operators alone, for one text of `length` tokens and no cache: the oracle. */
export const plainGraph = (shape: TinyShape, weights: Weights, length: number): OnnxModel => {
  const b = new GraphBuilder();
  const { keyValueHeads, headSize, heads, vocabulary } = shape;
  const w = (name: string): string => {
    const found = weights.get(name);
    return found ? b.floats(name, found.dims, found.data) : name;
  };
  b.graph.inputs.push(value('input_ids', 'int64', [1, length]));
  const half = headSize / 2;
  const table = (name: string, f: (angle: number) => number): string =>
    b.floats(name, [length, half], rotary(shape, f).subarray(0, length * half));
  const [cos, sin] = [table('cos', Math.cos), table('sin', Math.sin)];
  const norm = (x: string, name: string): string => {
    const mean = b.op('ReduceMean', [b.op('Mul', [x, x])], { axes: [-1], keepdims: 1 });
    const root = b.op('Sqrt', [b.op('Add', [mean, b.floats('epsilon', [1], Float32Array.of(EPSILON))])]);
    return b.op('Mul', [b.op('Div', [x, root]), w(name)]);
  };
  /** [1, T, n x size] to [n, T, size]. */
  const split = (x: string, n: number): string =>
    b.op('Transpose', [b.op('Reshape', [x, b.ints([3], [length, n, headSize])])], { perm: [1, 0, 2] });
  const turned = (x: string): string => {
    const part = (from: number, to: number): string =>
      b.op('Slice', [x, b.ints([1], [from]), b.ints([1], [to]), b.ints([1], [2])]);
    const [first, second] = [part(0, half), part(half, headSize)];
    const left = b.op('Sub', [b.op('Mul', [first, cos]), b.op('Mul', [second, sin])]);
    const right = b.op('Add', [b.op('Mul', [second, cos]), b.op('Mul', [first, sin])]);
    return b.op('Concat', [left, right], { axis: 2 });
  };
  /** Each key-value head serves heads / keyValueHeads of the query's. */
  const spread = (x: string): string =>
    b.op(
      'Gather',
      [
        x,
        b.ints(
          [heads],
          Array.from({ length: heads }, (_, h) => Math.floor((h * keyValueHeads) / heads)),
        ),
      ],
      { axis: 0 },
    );
  const causal = b.floats(
    'causal',
    [length, length],
    Float32Array.from({ length: length * length }, (_, i) =>
      i % length > Math.floor(i / length) ? -1e9 : 0,
    ),
  );
  let x = b.op('Gather', [w('embedding'), 'input_ids'], { axis: 0 });
  for (let l = 0; l < shape.layers; l++) {
    const n = norm(x, `${l}.norm1`);
    const q = turned(split(b.op('MatMul', [n, w(`${l}.q`)]), heads));
    const k = spread(turned(split(b.op('MatMul', [n, w(`${l}.k`)]), keyValueHeads)));
    const v = spread(split(b.op('MatMul', [n, w(`${l}.v`)]), keyValueHeads));
    const products = b.op('MatMul', [q, b.op('Transpose', [k], { perm: [0, 2, 1] })]);
    const scaled = b.op('Mul', [products, b.floats('scale', [1], Float32Array.of(headSize ** -0.5))]);
    const shares = b.op('Softmax', [b.op('Add', [scaled, causal])], { axis: -1 });
    const mixed = b.op('Transpose', [b.op('MatMul', [shares, v])], { perm: [1, 0, 2] });
    const flat = b.op('Reshape', [mixed, b.ints([3], [1, length, heads * headSize])]);
    const r = b.op('Add', [x, b.op('MatMul', [flat, w(`${l}.o`)])]);
    x = b.op('Add', [r, feedForward(b, norm(r, `${l}.norm2`), l, w)]);
  }
  b.op('MatMul', [norm(x, 'norm'), w('head')], {}, ['logits']);
  b.graph.outputs.push(value('logits', 'float32', [1, length, vocabulary]));
  return b.model();
};

/** Printable ASCII; a line break takes the place of the tilde, so that there are texts of several steps. */
const CHARACTERS = Array.from({ length: 95 }, (_, i) => (i === 94 ? '\n' : String.fromCharCode(32 + i)));

/** A whole model in memory, laid out as a folder: characters as tokens (the tilde's is a line break), id 95 ends a text. */
export const tinySource = (shape: TinyShape = TINY, seed = 1): ByteSource => {
  const json = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    [
      'config.json',
      json({
        model_type: 'llama',
        vocab_size: shape.vocabulary,
        hidden_size: shape.width,
        num_hidden_layers: shape.layers,
        num_attention_heads: shape.heads,
        num_key_value_heads: shape.keyValueHeads,
        head_dim: shape.headSize,
        max_position_embeddings: shape.positions,
        eos_token_id: 95,
      }),
    ],
    ['tokenizer.json', json(characterTokenizer(CHARACTERS, '<end>'))],
    ['tokenizer_config.json', json({ eos_token: '<end>' })],
    ['chat_template.jinja', new TextEncoder().encode('{% for m in messages %}{{ m.content }}{% endfor %}')],
    ['onnx/model.onnx', writeModel(cachedGraph(shape, tinyWeights(shape, seed)))],
  ]);
  return {
    name: `tiny ${seed}`,
    size: async (path) => files.get(path)?.length ?? null,
    list: async (folder) =>
      [...files.keys()].flatMap((path) => {
        const cut = path.lastIndexOf('/');
        return path.slice(0, Math.max(0, cut)) === folder ? [path.slice(cut + 1)] : [];
      }),
    read: async (path) => {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`${path} is not there.`);
      return bytes;
    },
  };
};
