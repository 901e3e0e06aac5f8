import { seededRandom } from '@flywheel/domain/metrics/random';
import { attribute, type OnnxModel, readModel, writeModel } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';
import { value } from '@flywheel/onnx/value';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../runtime/node-runtime.ts';
import { cachedGraph, TINY, tinyWeights } from '../testing/tiny-llama.fixture.ts';
import { keepActivations } from './activations.ts';
import { writeOutAttention } from './attention.ts';
import { dequantise } from './dequantise.ts';
import { UnsupportedModel } from './refusals.ts';
import { splitModel } from './split.ts';

const model = cachedGraph(TINY, tinyWeights(TINY, 1));

it('[I8] a model that is read and written again is the same, weights included', () => {
  const bytes = writeModel(model);
  const again = readModel(bytes);
  expect(again.graph.nodes).toEqual(model.graph.nodes);
  expect(again.graph.tensors.map((t) => ({ ...t, bytes: [...(t.bytes ?? [])] }))).toEqual(
    model.graph.tensors.map((t) => ({ ...t, bytes: [...(t.bytes ?? [])] })),
  );
  expect(writeModel(again)).toEqual(bytes);
});

it('[I8] bytes that are cut anywhere, or are something else, are refused or read as less, and never hang', () => {
  const bytes = writeModel(model);
  const random = seededRandom(4);
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    try {
      readModel(bytes.subarray(0, Math.floor(random() * bytes.length)));
    } catch (error) {
      expect((error as Error).message).toMatch(/byte|graph/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(290);
  expect(() => readModel(new TextEncoder().encode('<!doctype html>'))).toThrow();
  expect(() => readModel(new Uint8Array())).toThrow('no graph');
});

const tensor = (name: string, dims: number[], dataType: number, bytes: Uint8Array): OnnxTensor => ({
  name,
  dims,
  dataType,
  bytes,
  external: null,
});

/** x [1, k] times packed weights, as onnxruntime itself computes it. */
const packedProduct = (bits: number, k: number, n: number, block: number, zeros: boolean): OnnxModel => {
  const random = seededRandom(bits * 1000 + k + n + Number(zeros));
  const blocks = Math.ceil(k / block);
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const scales = Float32Array.from({ length: n * blocks }, () => random() / 10);
  const zeroBytes = n * (bits === 4 ? Math.ceil(blocks / 2) : blocks);
  return {
    rest: model.rest,
    graph: {
      name: 'product',
      nodes: [
        {
          name: 'product',
          opType: 'MatMulNBits',
          domain: 'com.microsoft',
          inputs: ['x', 'w', 's', ...(zeros ? ['z'] : [])],
          outputs: ['y'],
          attributes: Object.entries({ K: k, N: n, bits, block_size: block, accuracy_level: 0 }).map(
            ([name, v]) => attribute(name, v),
          ),
        },
      ],
      tensors: [
        tensor(
          'w',
          [n, blocks, (block * bits) / 8],
          DATA_TYPES.uint8,
          bytes((n * blocks * block * bits) / 8),
        ),
        tensor('s', [n * blocks], DATA_TYPES.float32, new Uint8Array(scales.buffer)),
        ...(zeros ? [tensor('z', [zeroBytes], DATA_TYPES.uint8, bytes(zeroBytes))] : []),
      ],
      inputs: [value('x', 'float32', [1, k])],
      outputs: [value('y', 'float32', [1, n])],
    },
  };
};

it.each([
  [4, 64, 24, 32, true],
  [4, 96, 8, 32, true],
  [4, 64, 16, 32, false],
  [8, 64, 24, 32, false],
  [8, 96, 8, 32, true],
  [4, 80, 8, 32, true],
  [8, 80, 8, 32, false],
])(
  '[I9] %i bits, k %i, n %i, block %i, zero points %s: unpacked it is the packed product',
  async (bits, k, n, block, zeros) => {
    const packed = packedProduct(bits, k, n, block, zeros);
    const { model: plain, products, after } = dequantise(packed);
    expect([products, after, plain.graph.nodes[0]?.opType, plain.graph.tensors.length]).toEqual([
      1,
      k * n * 4,
      'MatMul',
      1,
    ]);
    const runtime = await nodeRuntime({ threads: 1 });
    const random = seededRandom(k);
    const x = new runtime.Tensor(
      'float32',
      Float32Array.from({ length: k }, () => random() - 0.5),
      [1, k],
    );
    const run = async (m: OnnxModel) => {
      const session = await runtime.create(writeModel(m));
      const { y } = await session.run({ x }, { y: null });
      return Array.from(y?.data as Float32Array);
    };
    const [a, b] = [await run(packed), await run(plain)];
    for (const [i, one] of a.entries()) expect(Math.abs(one - (b[i] ?? 99))).toBeLessThan(1e-4);
  },
);

it('[I18] a packed product that was exported to round its activations computes with them as they are', async () => {
  const exact = packedProduct(4, 256, 24, 32, true);
  const [node] = exact.graph.nodes;
  if (!node) throw new Error('no product');
  const others = node.attributes.filter((a) => a.name !== 'accuracy_level');
  const rounding = { ...node, attributes: [...others, attribute('accuracy_level', 4)] };
  const { model: kept, products } = keepActivations({
    ...exact,
    graph: { ...exact.graph, nodes: [rounding] },
  });
  expect(products).toBe(1);
  expect(keepActivations(kept).products).toBe(0);
  expect([...writeModel(kept)]).toEqual([...writeModel(exact)]);
});

it('[I19] attention is written out; that of another kind stays as it was', () => {
  const { model: plain, layers } = writeOutAttention(model);
  expect(layers).toBe(TINY.layers);
  expect(plain.graph.nodes.map((node) => node.opType)).not.toContain('GroupQueryAttention');
  for (const [name, v] of [
    ['softcap', { float: 30 }],
    ['local_window_size', 64],
    ['rotary_interleaved', 1],
  ] as const) {
    const nodes = model.graph.nodes.map((node) => {
      const others = node.attributes.filter((a) => a.name !== name);
      return node.opType === 'GroupQueryAttention'
        ? { ...node, attributes: [...others, attribute(name, v)] }
        : node;
    });
    const other = { ...model, graph: { ...model.graph, nodes } };
    expect(writeOutAttention(other), name).toEqual({ model: other, layers: 0 });
  }
});

it('[I10] body and head together give the logits of the whole', async () => {
  const runtime = await nodeRuntime({ threads: 1 });
  const { body, head, width, vocabulary } = splitModel(model);
  expect([width, vocabulary]).toEqual([TINY.width, TINY.vocabulary]);
  const [whole, first, second] = [
    await runtime.create(writeModel(model)),
    await runtime.create(writeModel(body)),
    await runtime.create(writeModel(head)),
  ];
  const { Tensor } = runtime;
  const ints = (values: number[], dims: number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  const past = Object.fromEntries(
    first.inputs
      .filter((name) => name.startsWith('past'))
      .map((name) => [
        name,
        new Tensor('float32', new Float32Array(0), [1, TINY.keyValueHeads, 0, TINY.headSize]),
      ]),
  );
  const feeds = { input_ids: ints([5, 6, 7], [1, 3]), attention_mask: ints([1, 1, 1], [1, 3]), ...past };
  const { logits } = await whole.run(feeds, { logits: null });
  const { hidden } = await first.run(feeds, { hidden: null });
  if (!hidden) throw new Error('no hidden states');
  const cut = await second.run(
    { hidden, positions: ints([2, 0], [2]), targets: ints([1, 1], [2]) },
    { logits: null },
  );
  const expected = logits?.data as Float32Array;
  const got = cut.logits?.data as Float32Array;
  for (let i = 0; i < TINY.vocabulary; i++) {
    expect(got[i]).toBeCloseTo(expected[2 * TINY.vocabulary + i] ?? 99, 5);
    expect(got[TINY.vocabulary + i]).toBeCloseTo(expected[i] ?? 99, 5);
  }
});

it('[I11] a graph without logits, or without a product before them, is refused by name', () => {
  const without = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.slice(0, -1) } };
  expect(() => splitModel(without)).toThrow(UnsupportedModel);
  expect(() => splitModel(without)).toThrow('logits');
});
