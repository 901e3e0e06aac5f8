import { attribute, type OnnxGraph, type OnnxModel, type OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';
import { value } from '@flywheel/onnx/value';

/** A model whose attention is written out; `layers` is 0 where it could not be, and the model as it was. */
export interface WrittenOut {
  model: OnnxModel;
  layers: number;
}

/** What attention's layers have in common. */
interface Shape {
  heads: number;
  keyValueHeads: number;
  /** Of a head. */
  size: number;
  scale: number;
}

const FORBIDDEN = -1e9;

/**
 * Writes `com.microsoft.GroupQueryAttention` out in a rotation and standard operators: on WebAssembly the fused one takes far
 * longer for long texts. The states that come out then hold only what is new, [batch, heads, new tokens, size], and not what was in the cache.
 *
 * As the fused one, it takes either several tokens and an empty cache, or one token and a cache whose rows have lengths of their own.
 */
export const writeOutAttention = (model: OnnxModel): WrittenOut => {
  const { graph } = model;
  const layers = graph.nodes.filter((node) => node.opType === 'GroupQueryAttention');
  const [first] = layers;
  const shape = first && shapeOf(graph, first);
  if (!first || !shape || !layers.every((node) => alike(graph, node, first))) return { model, layers: 0 };
  const parts = new Parts();
  const shared = sharedParts(parts, first);
  const states = new Set(layers.flatMap((node) => node.outputs.slice(1, 3)));
  const nodes = graph.nodes.flatMap((node) => {
    if (node.opType !== 'GroupQueryAttention') return [node];
    writeOut(parts, node, shape, shared);
    return parts.take();
  });
  return {
    layers: layers.length,
    model: {
      ...model,
      graph: {
        ...graph,
        nodes,
        tensors: [...graph.tensors, ...parts.tensors],
        outputs: graph.outputs.map((output) =>
          states.has(output.name)
            ? value(output.name, 'float32', ['new_rows', shape.keyValueHeads, 'new_tokens', shape.size])
            : output,
        ),
      },
    },
  };
};

const intOf = (node: OnnxNode, name: string): number =>
  Number(node.attributes.find((a) => a.name === name)?.int ?? 0);

/** Null where the layer is of a kind that is not written out: other rotations, windows, bounds, packed inputs. */
const shapeOf = (graph: OnnxGraph, node: OnnxNode): Shape | null => {
  const floatOf = (name: string) => node.attributes.find((a) => a.name === name)?.float ?? 0;
  const cosine = graph.tensors.find((t) => t.name === node.inputs[7]);
  const [heads, keyValueHeads] = [intOf(node, 'num_heads'), intOf(node, 'kv_num_heads')];
  const size = 2 * (cosine?.dims[1] ?? 0);
  const plain =
    intOf(node, 'do_rotary') === 1 &&
    intOf(node, 'rotary_interleaved') === 0 &&
    intOf(node, 'smooth_softmax') === 0 &&
    node.attributes.every((a) => a.name !== 'local_window_size' || Number(a.int) === -1) &&
    floatOf('softcap') === 0 &&
    cosine?.dataType === DATA_TYPES.float32 &&
    node.inputs.slice(0, 9).every((name) => name !== '') &&
    node.inputs.slice(9).every((name) => name === '') &&
    node.inputs.length >= 9;
  return plain && size > 0 && keyValueHeads > 0
    ? { heads, keyValueHeads, size, scale: floatOf('scale') || size ** -0.5 }
    : null;
};

const alike = (graph: OnnxGraph, node: OnnxNode, first: OnnxNode): boolean =>
  JSON.stringify(shapeOf(graph, node)) === JSON.stringify(shapeOf(graph, first)) &&
  [5, 7, 8].every((i) => node.inputs[i] === first.inputs[i]);

/** Gathers nodes and constants. */
class Parts {
  readonly tensors: OnnxTensor[] = [];
  private nodes: OnnxNode[] = [];
  private count = 0;

  op(
    opType: string,
    inputs: string[],
    attributes: Readonly<Record<string, number | number[]>> = {},
    output = `attention.${this.count++}`,
    domain = '',
  ): string {
    this.nodes.push({
      name: output,
      opType,
      domain,
      inputs,
      outputs: [output],
      attributes: Object.entries(attributes).map(([name, v]) => attribute(name, v)),
    });
    return output;
  }

  ints(values: readonly number[], dims: number[] = [values.length]): string {
    return this.constant(dims, DATA_TYPES.int64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  float(x: number): string {
    return this.constant([], DATA_TYPES.float32, new Uint8Array(Float32Array.of(x).buffer));
  }

  /** The nodes since the last time. */
  take(): OnnxNode[] {
    return this.nodes.splice(0);
  }

  private constant(dims: number[], dataType: number, bytes: Uint8Array): string {
    const same = this.tensors.find(
      (t) => t.dataType === dataType && String(t.dims) === String(dims) && String(t.bytes) === String(bytes),
    );
    if (same) return same.name;
    const name = `attention.c${this.tensors.length}`;
    this.tensors.push({ name, dims, dataType, bytes, external: null });
    return name;
  }
}

/** What every layer uses: rotations of the new tokens, and what each may look at. */
interface Shared {
  /** Tables of cosines and sines [positions, size / 2], and each new token's place in them, int64 [batch, tokens]. */
  cos: string;
  sin: string;
  positions: string;
  /** [batch, 1, 1, tokens, keys]: 0 where a token may look, and hardly a chance where not. */
  bias: string;
  /** Number of keys, int64 [1]. */
  keys: string;
}

const sharedParts = (p: Parts, layer: OnnxNode): Shared => {
  const [query = '', , , pastKey = '', , lengths = '', , cosine = '', sine = ''] = layer.inputs;
  const dimension = (of: string, axis: number): string =>
    p.op('Gather', [p.op('Shape', [of]), p.ints([axis], [])], { axis: 0 });
  const [zero, one] = [p.ints([0], []), p.ints([1], [])];
  const [tokens, past] = [dimension(query, 1), dimension(pastKey, 2)];
  const keys = p.op('Add', [past, tokens]);
  /** Tokens that each row has in the cache: the layer is given all of them less one. */
  const last = p.op('Reshape', [p.op('Cast', [lengths], { to: DATA_TYPES.int64 }), p.ints([-1, 1])]);
  const before = p.op('Min', [last, past]);
  const index = p.op('Range', [zero, tokens, one]);
  const positions = p.op('Add', [before, index]);
  const key = p.op('Range', [zero, keys, one]);
  const kept = p.op('Less', [key, p.op('Reshape', [before, p.ints([-1, 1, 1, 1, 1])])]);
  const earlier = p.op('Less', [
    p.op('Sub', [key, past]),
    p.op('Add', [p.op('Reshape', [index, p.ints([-1, 1])]), one]),
  ]);
  const fresh = p.op('Not', [p.op('Less', [key, past])]);
  const allowed = p.op('Or', [kept, p.op('And', [fresh, earlier])]);
  return {
    cos: cosine,
    sin: sine,
    positions,
    bias: p.op('Where', [allowed, p.float(0), p.float(FORBIDDEN)]),
    keys: p.op('Reshape', [keys, p.ints([1])]),
  };
};

const writeOut = (
  p: Parts,
  layer: OnnxNode,
  shape: Shape,
  { cos, sin, positions, bias, keys }: Shared,
): void => {
  const { heads, keyValueHeads, size, scale } = shape;
  const group = heads / keyValueHeads;
  const [query = '', key = '', values = '', pastKey = '', pastValue = ''] = layer.inputs;
  const [out, newKey, newValue] = layer.outputs;
  /** [batch, tokens, n x size] to [batch, n, tokens, size]. */
  const byHead = (x: string, n: number, output?: string): string =>
    p.op('Transpose', [p.op('Reshape', [x, p.ints([0, 0, n, size])])], { perm: [0, 2, 1, 3] }, output);
  const turned = (x: string, output?: string): string =>
    p.op('RotaryEmbedding', [x, positions, cos, sin], {}, output, 'com.microsoft');
  const asked = p.op('Mul', [turned(byHead(query, heads)), p.float(scale)]);
  const k = p.op('Concat', [pastKey, turned(byHead(key, keyValueHeads), newKey)], { axis: 2 });
  const v = p.op('Concat', [pastValue, byHead(values, keyValueHeads, newValue)], { axis: 2 });
  // Heads that share keys lie together, so that one product serves them all.
  const together = p.op('Reshape', [asked, p.ints([0, keyValueHeads, -1, size])]);
  const products = p.op('MatMul', [together, p.op('Transpose', [k], { perm: [0, 1, 3, 2] })]);
  const spread = p.op('Concat', [p.ints([0, 0, group, -1]), keys], { axis: 0 });
  const shares = p.op('Softmax', [p.op('Add', [p.op('Reshape', [products, spread]), bias])], { axis: -1 });
  const flat = p.op('Concat', [p.ints([0, 0, -1]), keys], { axis: 0 });
  const mixed = p.op('MatMul', [p.op('Reshape', [shares, flat]), v]);
  const apart = p.op('Reshape', [mixed, p.ints([0, heads, -1, size])]);
  const joined = p.op('Transpose', [apart], { perm: [0, 2, 1, 3] });
  p.op('Reshape', [joined, p.ints([0, 0, heads * size])], {}, out);
};
