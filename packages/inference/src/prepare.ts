import type { OnnxGraph, OnnxModel } from '@flywheel/onnx/model';
import { DATA_TYPES } from '@flywheel/onnx/tensor';
import { typeOf } from '@flywheel/onnx/value';
import type { ModelConfig } from './model/model-config.ts';
import { keepActivations } from './onnx/activations.ts';
import { writeOutAttention } from './onnx/attention.ts';
import { dequantise } from './onnx/dequantise.ts';
import { UnsupportedModel } from './onnx/refusals.ts';
import { type SplitModel, splitModel } from './onnx/split.ts';
import { widen } from './onnx/widen.ts';
import type { Runtime } from './runtime/runtime.ts';

/** A graph as a runtime is best given it. */
export interface Prepared extends SplitModel {
  /** Tokens that it takes, prompt and answer together. */
  context: number;
  /** Whether it computes in float16, its cache included. */
  half: boolean;
  /** Whether what comes out of the cache's outputs is only what is new, and not the whole cache. */
  appends: boolean;
  /** Weights as they will lie in memory, in bytes. */
  weights: number;
  /** What was done, for people to read. */
  notes: string[];
}

/**
 * Does to a graph what a runtime needs or is faster with, cuts it, and looks whether it can be run. Takes no device's memory.
 *
 * @param unpack whether packed weights are unpacked
 * @throws UnsupportedModel
 */
export const prepare = (
  read: OnnxModel,
  config: ModelConfig,
  runtime: Pick<Runtime, 'halves' | 'unfuses' | 'gpu'>,
  unpack: boolean,
): Prepared => {
  const notes: string[] = [];
  const whole = runtime.halves ? read : widened(read, notes);
  const fused = unrounded(unpack ? unpacked(whole, notes) : whole, notes);
  const { model, layers } = runtime.unfuses ? writeOutAttention(fused) : { model: fused, layers: 0 };
  if (layers > 0) notes.push(`attention of ${layers} layers was written out in smaller operators`);
  const split = splitModel(model);
  checkInputs(split.body.graph, config);
  if (runtime.gpu) checkBuffers(model.graph, runtime.gpu.limits.maxBufferSize);
  const context = Math.min(config.positions, rotaryLimit(whole) ?? config.positions);
  if (context < config.positions)
    notes.push(`the graph holds positions for ${context} tokens; config.json says ${config.positions}`);
  return {
    ...split,
    context,
    half: split.body.graph.inputs.some((i) => isState(i.name) && typeOf(i).dataType === DATA_TYPES.float16),
    appends: layers > 0,
    weights: model.graph.tensors.reduce((sum, t) => sum + (t.bytes?.length ?? 0), 0),
    notes,
  };
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const widened = (model: OnnxModel, notes: string[]): OnnxModel => {
  const { model: wide, weights } = widen(model);
  if (weights > 0) notes.push(`${weights} weights of float16 were made float32: there is no float16 here`);
  return wide;
};

const unpacked = (model: OnnxModel, notes: string[]): OnnxModel => {
  const { model: plain, products, before, after } = dequantise(model);
  if (products === 0) return model;
  notes.push(
    `${products} packed products were unpacked to float32: ${megabytes(before)} became ${megabytes(after)}`,
  );
  return plain;
};

const unrounded = (model: OnnxModel, notes: string[]): OnnxModel => {
  const { model: kept, products } = keepActivations(model);
  if (products > 0)
    notes.push(`${products} packed products would round their activations to 8 bits; here they do not`);
  return kept;
};

/** Positions that a graph has rotary tables for; null where it has none. */
const rotaryLimit = ({ graph }: OnnxModel): number | null => {
  const attention = graph.nodes.find((n) => n.opType === 'GroupQueryAttention');
  const cosine = graph.tensors.find((t) => t.name === attention?.inputs[7]);
  return cosine?.dims[0] ?? null;
};

const KNOWN = new Set(['input_ids', 'attention_mask', 'position_ids']);
const isState = (name: string): boolean => name.startsWith('past_key_values.');

const checkInputs = ({ inputs }: OnnxGraph, { layers, keyValueHeads, headSize }: ModelConfig): void => {
  const strange = inputs.map(({ name }) => name).filter((name) => !KNOWN.has(name) && !isState(name));
  if (strange.length > 0)
    throw new UnsupportedModel(`The graph asks for ${strange.join(', ')}, which nothing here gives.`);
  const states = inputs.filter(({ name }) => isState(name));
  if (states.length !== 2 * layers)
    throw new UnsupportedModel(
      `The graph keeps ${states.length} states, but ${2 * layers} belong to ${layers} layers.`,
    );
  for (const state of states) {
    const [, heads, , size] = typeOf(state).dims;
    const other = (given: number | string | undefined, own: number): boolean =>
      typeof given === 'number' && given !== own;
    if (other(heads, keyValueHeads) || other(size, headSize))
      throw new UnsupportedModel(
        `The graph keeps ${heads} heads of ${size} in ${state.name}, but config.json says ${keyValueHeads} of ${headSize}: they belong to different models.`,
      );
  }
};

const checkBuffers = ({ tensors }: OnnxGraph, most: number): void => {
  const large = tensors.find(({ bytes }) => (bytes?.length ?? 0) > most);
  if (large)
    throw new UnsupportedModel(
      `The weight ${large.name} takes ${megabytes(large.bytes?.length ?? 0)}, but a buffer of this graphics device ${megabytes(most)} at most: load a smaller precision, or the model on WebAssembly.`,
    );
};
