import type { OnnxModel } from '@flywheel/onnx/model';
import type { OnnxTensor } from '@flywheel/onnx/tensor';
import { expect, it } from 'vitest';
import { Engine } from './engine.ts';
import { generate } from './generate/generate.ts';
import { nodeRuntime } from './runtime/node-runtime.ts';
import { probe } from './runtime/web-probe.ts';
import { score } from './score/score.ts';
import { sourceOf } from './testing/half.fixture.ts';
import { cachedGraph, TINY, tinyWeights } from './testing/tiny-llama.fixture.ts';

const model = cachedGraph(TINY, tinyWeights(TINY, 3));
const runtime = await nodeRuntime({ threads: 1 });

/** The model with one weight changed. */
const changed = (name: string, change: (tensor: OnnxTensor) => Partial<OnnxTensor>): OnnxModel => ({
  ...model,
  graph: {
    ...model.graph,
    tensors: model.graph.tensors.map((t) => (t.name === name ? { ...t, ...change(t) } : t)),
  },
});

/** A weight with one of its numbers another. */
const poisoned = (name: string, at: number, figure: number): OnnxModel =>
  changed(name, ({ bytes }) => {
    const floats = new Float32Array((bytes ?? new Uint8Array()).slice().buffer);
    floats[at] = figure;
    return { bytes: new Uint8Array(floats.buffer) };
  });

const load = (of: OnnxModel): Promise<Engine> => Engine.load(sourceOf(of), runtime);

it.each([
  ['NaN in a layer', poisoned('0.q', 5, Number.NaN)],
  ['infinity in a norm', poisoned('norm', 0, Number.POSITIVE_INFINITY)],
  ['NaN in the head, so that one token of the vocabulary has it', poisoned('head', 7, Number.NaN)],
])(
  '[I36] %s: neither scoring nor generating gives a figure, and the probe blames the model',
  async (_, of) => {
    const engine = await load(of);
    const sampling = [{}, { temperature: 1, topK: 5 }, { temperature: 1, topP: 0.9, repetitionPenalty: 1.1 }];
    await expect(
      score(engine, [
        [1, 2],
        [3, 4, 5],
      ]),
    ).rejects.toThrow(
      /^The model gives (NaN|-?Infinity) as the (log-probability|entropy) at token \d of text \d: its weights are damaged/,
    );
    for (const s of sampling)
      await expect(
        generate(engine, [{ prompt: [1, 2], maxTokens: 3, sampling: s, seed: 1 }]),
      ).rejects.toThrow(/^The model gives (NaN|-?Infinity) as the log-probability of token 0 of answer 0/);
    await expect(probe(engine, engine)).rejects.toThrow('The model gives');
    await engine.close();
  },
);

it('[I36] a backend that gives what is no figure, where another gives figures, does not pass its probe', async () => {
  const [sick, right] = [await load(poisoned('1.v', 3, Number.NaN)), await load(model)];
  const { passed, cases } = await probe(sick, right);
  expect(passed).toBe(false);
  expect(cases.every(({ maxAbs }) => maxAbs === Number.MAX_VALUE)).toBe(true);
  expect((await probe(right, right)).passed).toBe(true);
  await Promise.all([sick.close(), right.close()]);
});

it.each([
  [
    'a weight with a shape that its bytes do not fill',
    changed('0.q', () => ({ dims: [2 ** 40, 64] })),
    /0\.q has the shape \[1099511627776, 64\] and needs/,
  ],
  [
    'a weight of a negative size',
    changed('head', () => ({ dims: [-32, 96] })),
    /head has the shape \[-32, 96\], which no weight can have/,
  ],
  [
    'a weight without bytes',
    changed('norm', () => ({ bytes: new Uint8Array() })),
    /norm has the shape \[32\] and needs 128 bytes, but has 0/,
  ],
  [
    'a weight far behind the end of its file',
    changed('0.k', () => ({
      bytes: null,
      external: { location: 'model.onnx', offset: 2 ** 52, length: 4096 },
    })),
    /model\.onnx is cut: the weight 0\.k ends at byte 4503599627374592/,
  ],
  [
    'a weight before the beginning of its file',
    changed('0.k', () => ({ bytes: null, external: { location: 'model.onnx', offset: -8, length: 4 } })),
    /0\.k is said to lie in model\.onnx from byte -8/,
  ],
  [
    'a place that is no number',
    changed('0.k', () => ({
      bytes: null,
      external: { location: 'model.onnx', offset: Number.NaN, length: null },
    })),
    /from byte NaN, all bytes long/,
  ],
])('[I35] %s is refused, with its file, before anything is made ready', async (_, of, message) => {
  const error = await load(of).catch((e: Error) => e);
  expect(error).toMatchObject({ name: 'DamagedModel' });
  expect(String(error)).toMatch(/onnx\/model\.onnx of tiny 3 is damaged: .* Fetch it again\./);
  expect(String(error)).toMatch(message);
});

it('[I11] what onnxruntime has no kernel for is refused by the name that it gives', async () => {
  const nodes = model.graph.nodes.map((n) => (n.opType === 'Sigmoid' ? { ...n, opType: 'Sigmund' } : n));
  await expect(load({ ...model, graph: { ...model.graph, nodes } })).rejects.toThrow(
    /onnx\/model\.onnx cannot be run on node: .*Sigmund/,
  );
});

it('[I11] a graph whose cache is not the config’s is refused', async () => {
  const source = sourceOf(model);
  const config = JSON.stringify({
    vocab_size: 96,
    hidden_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 1_000_000,
  });
  const read = async (path: string) =>
    path === 'config.json' ? new TextEncoder().encode(config) : source.read(path);
  await expect(Engine.load({ ...source, read }, runtime)).rejects.toThrow(
    /keeps 2 heads of 16 in past_key_values\.0\.key, but config\.json says 1000000 of/,
  );
});
