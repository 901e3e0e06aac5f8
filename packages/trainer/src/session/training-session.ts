import type { Feeds, Runtime, Session } from '@flywheel/inference/runtime/runtime';
import { writeModel } from '@flywheel/onnx/model';
import type { Tensor } from 'onnxruntime-common';
import type { Batch } from '../data/pack.ts';
import { countParameters } from '../llama/parameters.ts';
import type { DecoderShape } from '../llama/shape.ts';
import { type BatchShape, lossGraph, type Optimiser, trainingGraph } from '../llama/training-graph.ts';
import type { AdamState } from '../optimiser/adamw.ts';

/** What one step tells. */
export interface StepFigures {
  /** Nats a token of completions, before the step. */
  loss: number;
  /** Length of the gradient before it was clipped. */
  norm: number;
}

/** All that training needs to go on exactly where it stood, beside where it stands in its texts. */
export interface TrainingState extends AdamState<Float32Array> {
  /** Steps that were taken. */
  steps: number;
}

/** The state at the start: nothing is known of gradients. */
export const freshState = (weights: Float32Array): TrainingState => ({
  weights,
  mean: new Float32Array(weights.length),
  variance: new Float32Array(weights.length),
  steps: 0,
});

const STATE = ['weights', 'mean', 'variance'] as const;

export interface SessionParts {
  shape: DecoderShape;
  batch: BatchShape;
  optimiser: Optimiser;
  state: TrainingState;
}

/**
 * A decoder in training on some backend of onnxruntime. Its state stays where it is computed, in buffers of the graphics device
 * where there is one, until it is asked for.
 */
export class TrainingSession {
  readonly parts: Omit<SessionParts, 'state'>;
  private readonly runtime: Runtime;
  private readonly session: Session;
  private tensors: AdamState<Tensor>;
  private taken: number;
  private measuring: Session | null = null;

  private constructor(runtime: Runtime, session: Session, { state, ...parts }: SessionParts) {
    this.runtime = runtime;
    this.session = session;
    this.parts = parts;
    this.taken = state.steps;
    const held = (values: Float32Array): Tensor =>
      new runtime.Tensor('float32', values.slice(), [values.length]);
    this.tensors = { weights: held(state.weights), mean: held(state.mean), variance: held(state.variance) };
  }

  /** @throws RangeError where the state is not of this shape */
  static async open(runtime: Runtime, parts: SessionParts): Promise<TrainingSession> {
    const count = countParameters(parts.shape);
    for (const name of STATE)
      if (parts.state[name].length !== count)
        throw new RangeError(
          `The state's ${name} has ${parts.state[name].length} numbers, the decoder ${count} weights: it is of another shape.`,
        );
    const graph = writeModel(trainingGraph(parts.shape, parts.batch, parts.optimiser));
    return new TrainingSession(runtime, await runtime.create(graph, true), parts);
  }

  /** Steps that were taken since the weights' start. */
  get steps(): number {
    return this.taken;
  }

  /**
   * Learns from one batch.
   *
   * @param rate the learning rate
   * @throws Error where the loss is no number any more, with the remedy; the state is then the one before
   */
  async step(batch: Batch, rate: number): Promise<StepFigures> {
    const { beta1, beta2 } = this.parts.optimiser;
    const step = this.taken + 1;
    const before = this.tensors;
    const made = await this.session.run(
      {
        ...this.feedsOf(batch),
        ...before,
        rate: this.number(rate),
        correction1: this.number(1 / (1 - beta1 ** step)),
        correction2: this.number(1 / (1 - beta2 ** step)),
      },
      { loss: null, norm: null, 'next.weights': null, 'next.mean': null, 'next.variance': null },
    );
    const figures = { loss: await numberOf(made.loss), norm: await numberOf(made.norm) };
    if (!Number.isFinite(figures.loss) || !Number.isFinite(figures.norm))
      throw new Error(
        `The loss is ${figures.loss} and the gradient's length ${figures.norm} at step ${step}: training does not go on. Begin again from the last checkpoint with a lower learning rate.`,
      );
    const next = (name: string): Tensor => made[`next.${name}`] as Tensor;
    this.tensors = { weights: next('weights'), mean: next('mean'), variance: next('variance') };
    if (this.runtime.gpu) for (const name of STATE) before[name].dispose();
    this.taken = step;
    return figures;
  }

  /** Nats a token of a batch's completions, as the weights are. Nothing is learned. */
  async loss(batch: Batch): Promise<number> {
    this.measuring ??= await this.runtime.create(writeModel(lossGraph(this.parts.shape, this.parts.batch)));
    const { weights } = this.tensors;
    return numberOf((await this.measuring.run({ ...this.feedsOf(batch), weights }, { loss: null })).loss);
  }

  /** A copy of the state. */
  async state(): Promise<TrainingState> {
    const copy = async (tensor: Tensor): Promise<Float32Array> =>
      ((await tensor.getData()) as Float32Array).slice();
    const { weights, mean, variance } = this.tensors;
    return {
      weights: await copy(weights),
      mean: await copy(mean),
      variance: await copy(variance),
      steps: this.taken,
    };
  }

  async close(): Promise<void> {
    await this.session.release();
    await this.measuring?.release();
    if (this.runtime.gpu) for (const name of STATE) this.tensors[name].dispose();
  }

  private feedsOf({ tokens, targets, segments, counts }: Batch): Feeds {
    const { rows, length } = this.parts.batch;
    const { Tensor } = this.runtime;
    const ids = (values: Int32Array): Tensor => new Tensor('int32', values, [rows, length]);
    return {
      tokens: ids(tokens),
      targets: ids(targets),
      segments: ids(segments),
      counts: new Tensor('float32', counts, [rows, length]),
    };
  }

  private number(value: number): Tensor {
    return new this.runtime.Tensor('float32', Float32Array.of(value), []);
  }
}

const numberOf = async (tensor: Tensor | undefined): Promise<number> =>
  tensor ? Number(((await tensor.getData()) as Float32Array)[0]) : Number.NaN;
