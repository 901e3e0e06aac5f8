import type { OnnxModel, OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';

/** What became of a model's packed weights. */
export interface Dequantised {
  model: OnnxModel;
  /** Products whose weights were unpacked. */
  products: number;
  /** Bytes of packed weights before, and of float32 weights after. */
  before: number;
  after: number;
}

const intOf = (node: OnnxNode, name: string): number =>
  Number(node.attributes.find((a) => a.name === name)?.int ?? 0);

/**
 * Rewrites each `com.microsoft.MatMulNBits` of 4 or 8 bits as `MatMul` with float32 weights: onnxruntime on WASM unpacks packed
 * weights at every call. The values are those that the packed product stands for, (q - zero point) x scale, so that results
 * differ only by the order of sums.
 */
export const dequantise = (model: OnnxModel): Dequantised => {
  const tensors = new Map(model.graph.tensors.map((t) => [t.name, t]));
  const made = new Map<string, OnnxTensor>();
  const gone = new Set<string>();
  let before = 0;
  const nodes = model.graph.nodes.map((node): OnnxNode => {
    if (node.opType !== 'MatMulNBits') return node;
    const [data = '', packed = '', scales = '', zeros = ''] = node.inputs;
    const [q, s, z] = [tensors.get(packed), tensors.get(scales), tensors.get(zeros)];
    const bits = intOf(node, 'bits');
    const plain = node.inputs.slice(4).every((name) => name === '') && (bits === 4 || bits === 8);
    const zeroed = zeros === '' || (z?.bytes && z.dataType === DATA_TYPES.uint8);
    if (!q?.bytes || !s?.bytes || !plain || !zeroed || s.dataType !== DATA_TYPES.float32) return node;
    const name = `${packed}.f32`;
    if (!made.has(name)) {
      const shape = { k: intOf(node, 'K'), n: intOf(node, 'N'), block: intOf(node, 'block_size'), bits };
      made.set(name, unpack(name, shape, q.bytes, floats(s.bytes), z?.bytes ?? null));
      before += q.bytes.length + s.bytes.length + (z?.bytes?.length ?? 0);
    }
    for (const input of [packed, scales, zeros]) gone.add(input);
    return { ...node, opType: 'MatMul', domain: '', inputs: [data, name], attributes: [] };
  });
  // An embedding may read the same packed table.
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const kept = model.graph.tensors.filter((t) => used.has(t.name) || !gone.has(t.name));
  const added = [...made.values()];
  return {
    model: { ...model, graph: { ...model.graph, nodes, tensors: [...kept, ...added] } },
    products: made.size,
    before,
    after: added.reduce((sum, t) => sum + (t.bytes?.length ?? 0), 0),
  };
};

/** Copied: views into a file need not be aligned. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);

interface Shape {
  k: number;
  n: number;
  block: number;
  bits: number;
}

/** Packed [n, blocks, block x bits / 8] to float32 [k, n]. */
const unpack = (
  name: string,
  { k, n, block, bits }: Shape,
  q: Uint8Array,
  scales: Float32Array,
  zeros: Uint8Array | null,
): OnnxTensor => {
  const blocks = Math.ceil(k / block);
  const rowBytes = (blocks * block * bits) / 8;
  const zeroBytes = bits === 4 ? Math.ceil(blocks / 2) : blocks;
  const out = new Float32Array(k * n);
  for (let row = 0; row < n; row++)
    for (let b = 0; b < blocks; b++) {
      const scale = scales[row * blocks + b] ?? 0;
      const at = row * zeroBytes;
      const zero =
        zeros === null
          ? 1 << (bits - 1)
          : bits === 8
            ? (zeros[at + b] ?? 0)
            : ((zeros[at + (b >> 1)] ?? 0) >> (4 * (b & 1))) & 15;
      const end = Math.min(k, (b + 1) * block);
      for (let i = b * block; i < end; i++) {
        const byte =
          bits === 8
            ? (q[row * rowBytes + i] ?? 0)
            : ((q[row * rowBytes + (i >> 1)] ?? 0) >> (4 * (i & 1))) & 15;
        out[i * n + row] = (byte - zero) * scale;
      }
    }
  return {
    name,
    dims: [k, n],
    dataType: DATA_TYPES.float32,
    bytes: new Uint8Array(out.buffer),
    external: null,
  };
};
