import { normal, seededRandom } from '@flywheel/domain/metrics/random';
import { nodeRuntime } from '@flywheel/inference/runtime/node-runtime';
import type { Runtime } from '@flywheel/inference/runtime/runtime';
import { type OnnxModel, writeModel } from '@flywheel/onnx/model';
import type { Example } from './data/example.ts';
import { emit } from './graph/emit.ts';
import type { Expression } from './graph/expression.ts';
import { DecoderShape } from './llama/shape.ts';

/** Two queries a key, two layers: every part of a decoder is there. */
export const SMALL = DecoderShape.parse({
  vocabulary: 13,
  width: 32,
  layers: 2,
  heads: 2,
  keyHeads: 1,
  hidden: 24,
  positions: 32,
});

export const OPTIMISER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };

/** Texts of random tokens: prompts of 2 to 4, completions of 1 to 6. */
export const randomExamples = (count: number, vocabulary: number, seed: number): Example[] => {
  const random = seededRandom(seed);
  const ids = (least: number, most: number): number[] =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () =>
      Math.floor(random() * vocabulary),
    );
  return Array.from({ length: count }, () => ({ prompt: ids(2, 4), completion: ids(1, 6) }));
};

let shared: Promise<Runtime> | null = null;
/** One runtime for a test file. */
export const testRuntime = (): Promise<Runtime> => {
  shared ??= nodeRuntime({ threads: 1 });
  return shared;
};

/** What a model gives; inputs are float32 unless they are given as whole numbers. */
export const runModel = async (
  model: OnnxModel,
  inputs: Readonly<Record<string, { data: Float32Array | Int32Array; dims: readonly number[] }>>,
): Promise<Record<string, Float32Array>> => {
  const runtime = await testRuntime();
  const session = await runtime.create(writeModel(model));
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      data instanceof Int32Array
        ? new runtime.Tensor('int32', data, dims)
        : new runtime.Tensor('float32', data, dims),
    ]),
  );
  const made = await session.run(feeds, Object.fromEntries(session.outputs.map((name) => [name, null])));
  await session.release();
  return Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, data as Float32Array]));
};

/** What expressions come to. */
export const evaluate = (
  outputs: Readonly<Record<string, Expression>>,
  inputs: Parameters<typeof runModel>[1] = {},
): Promise<Record<string, Float32Array>> => runModel(emit(outputs), inputs);

export const normals = (n: number, seed: number): Float32Array<ArrayBuffer> => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: n }, () => normal(random));
};
