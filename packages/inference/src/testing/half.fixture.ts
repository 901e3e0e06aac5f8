import { attribute, type OnnxModel, writeModel } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor } from '@flywheel/onnx/tensor';
import { type OnnxValue, typeOf, value } from '@flywheel/onnx/value';
import { Engine } from '../engine.ts';
import { generate } from '../generate/generate.ts';
import { nodeRuntime } from '../runtime/node-runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { score } from '../score/score.ts';
import { TINY, tinySource } from './tiny-llama.fixture.ts';

/** Kept: a test takes it away. */
const Half = Float16Array;

const isFloat = ({ dataType }: OnnxTensor): boolean => dataType === DATA_TYPES.float32;
const floatsOf = ({ bytes }: OnnxTensor): Float32Array =>
  new Float32Array((bytes ?? new Uint8Array()).slice().buffer);

/** A model with each weight rounded to float16. */
const withWeights = (model: OnnxModel, change: (tensor: OnnxTensor) => OnnxTensor): OnnxModel => ({
  ...model,
  graph: { ...model.graph, tensors: model.graph.tensors.map((t) => (isFloat(t) ? change(t) : t)) },
});

/** Its weights as float16 has them, in float32: what a model of float16 is compared with. */
export const roundedModel = (model: OnnxModel): OnnxModel =>
  withWeights(model, (t) => ({
    ...t,
    bytes: new Uint8Array(Float32Array.from(new Half(floatsOf(t))).buffer),
  }));

/**
 * A model of float16 as exports have it, its cache included.
 *
 * @param edges whether logits come out as float32 all the same
 */
export const halfModel = (model: OnnxModel, edges: boolean): OnnxModel => {
  const { graph, ...rest } = withWeights(model, (t) => ({
    ...t,
    dataType: DATA_TYPES.float16,
    bytes: new Uint8Array(new Half(floatsOf(t)).buffer),
  }));
  const half = (v: OnnxValue): OnnxValue => {
    const { dataType, dims } = typeOf(v);
    const stays = dataType !== DATA_TYPES.float32 || (edges && v.name === 'logits');
    return stays ? v : value(v.name, 'float16', dims);
  };
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (edges && name === 'logits' ? 'logits.half' : name)),
  }));
  if (edges)
    nodes.push({
      name: 'edge',
      opType: 'Cast',
      domain: '',
      inputs: ['logits.half'],
      outputs: ['logits'],
      attributes: [attribute('to', DATA_TYPES.float32)],
    });
  return {
    ...rest,
    graph: { ...graph, nodes, inputs: graph.inputs.map(half), outputs: graph.outputs.map(half) },
  };
};

/** The small model's folder with another graph. */
export const sourceOf = (of: OnnxModel) => ({
  ...tinySource(TINY, 3),
  read: async (path: string) =>
    path === 'onnx/model.onnx' ? writeModel(of) : tinySource(TINY, 3).read(path),
});
const TEXTS = [3, 40, 70, 17].map((length, t) => Array.from({ length }, (_, i) => (i * (7 + t)) % 95));

/** What a model gives on this machine's processor. */
export const figuresOf = async (of: OnnxModel, changes: Partial<Runtime> = {}) => {
  const engine = await Engine.load(sourceOf(of), { ...(await nodeRuntime({ threads: 1 })), ...changes });
  const scores = await score(engine, TEXTS);
  const requests = TEXTS.map((prompt, seed) => ({ prompt, maxTokens: 12, sampling: {}, seed }));
  const answers = await generate(engine, requests, { slots: 3 });
  await engine.close();
  return {
    logprobs: scores.flatMap(({ logprob }) => [...logprob]),
    answers: answers.map(({ ids }) => ids),
    told: answers.flatMap(({ logprobs }) => logprobs),
    half: engine.half,
    notes: engine.report.notes.join(),
  };
};

/** The largest difference. */
export const farthest = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? 99))), 0);
};
