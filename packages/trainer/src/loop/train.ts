import type { Runtime } from '@flywheel/inference/runtime/runtime';
import { z } from 'zod';
import type { TrainingCheckpoint, TrainingPlace } from '../checkpoint/training-state.ts';
import type { Example } from '../data/example.ts';
import { fitting, pack } from '../data/pack.ts';
import { ExampleStream } from '../data/stream.ts';
import { DecoderShape } from '../llama/shape.ts';
import { rateAt } from '../optimiser/schedule.ts';
import { TrainingSession, type TrainingState } from '../session/training-session.ts';

/** All that decides what a training comes to, beside its texts and the weights that it begins with. */
export const TrainingSettings = z
  .object({
    shape: DecoderShape,
    /** Rows of a batch, and tokens of a row. */
    rows: z.number().int().min(1),
    length: z.number().int().min(8),
    /** Tokens of completions of an update, at most. */
    tokensPerUpdate: z.number().int().min(1),
    /** Tokens of completions of the whole training. */
    tokenBudget: z.number().int().min(1),
    schedule: z.object({
      peak: z.number().positive(),
      warmUp: z.number().min(0),
      floor: z.number().min(0).max(1),
    }),
    optimiser: z.object({
      beta1: z.number().min(0).lt(1),
      beta2: z.number().min(0).lt(1),
      epsilon: z.number().positive(),
      weightDecay: z.number().min(0),
      clip: z.number().positive(),
    }),
    /** Of the order of texts. */
    seed: z.number().int(),
  })
  .refine(({ length, shape }) => length <= shape.positions, {
    error: 'A row is longer than the texts that the decoder takes: raise its positions, or shorten the rows.',
    path: ['length'],
  });
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** A point of the curves. */
export interface TrainingPoint extends TrainingPlace {
  step: number;
  /** Nats a token, mean of the updates since the last point. */
  loss: number;
  /** Of the last update. */
  rate: number;
  norm: number;
  /** Tokens of completions, and all tokens of texts, a second since the last point. */
  tokensPerSecond: number;
  textTokensPerSecond: number;
  /** Nats a token of texts that are not learned from; null where it was not measured at this point. */
  validation: number | null;
  /** Seconds that are left at this pace. */
  left: number;
}

export interface Training {
  settings: TrainingSettings;
  examples: readonly Example[];
  /** Texts that are only measured; of them as many as fit into one batch. */
  validation?: readonly Example[];
  start: { state: TrainingState; place: TrainingPlace };
}

export interface TrainingHooks {
  signal?: AbortSignal;
  /** Seconds after which it ends with what it has, counted over all of its parts. */
  secondBudget?: number;
  /** Updates between points; a checkpoint is offered every `pointsPerCheckpoint` points. */
  every?: number;
  pointsPerCheckpoint?: number;
  onPoint?(point: TrainingPoint): void;
  onCheckpoint?(checkpoint: Pick<TrainingCheckpoint, 'state' | 'place'>): Promise<void>;
}

export type TrainingEnd = 'completed' | 'stopped' | 'out-of-time';

/** Where no text was taken yet. */
export const START: TrainingPlace = { taken: 0, learned: 0, seconds: 0 };

/**
 * Learns until the budget of tokens is used up, the time is over, or it is stopped; each way with the state that it came to, from
 * which it can be gone on with exactly.
 *
 * @throws ZodError that names the setting; RangeError where a text cannot be learned from; Error where the loss is no number any more
 */
export const train = async (
  runtime: Runtime,
  { settings, examples, validation = [], start }: Training,
  { signal, secondBudget, every = 10, pointsPerCheckpoint = 10, onPoint, onCheckpoint }: TrainingHooks = {},
): Promise<{ end: TrainingEnd; state: TrainingState; place: TrainingPlace }> => {
  const { shape, rows, length, tokensPerUpdate, tokenBudget, seed, schedule, optimiser } =
    TrainingSettings.parse(settings);
  const batch = { rows, length };
  const stream = new ExampleStream(examples, { ...batch, learned: tokensPerUpdate, seed }, start.place.taken);
  const measured =
    validation.length === 0 ? null : pack(validation.slice(0, fitting(validation, batch)), batch);
  const session = await TrainingSession.open(runtime, { shape, batch, optimiser, state: start.state });
  const place = { ...start.place };
  let since = fresh();
  let points = 0;
  const began = performance.now() - start.place.seconds * 1_000;
  try {
    for (;;) {
      if (since.updates >= every || (since.updates > 0 && endOf())) {
        await point();
        if (++points % pointsPerCheckpoint === 0 && !endOf())
          await onCheckpoint?.({ state: await session.state(), place: { ...place } });
      }
      const end = endOf();
      if (end) return { end, state: await session.state(), place };
      const next = stream.next();
      since.rate = rateAt(schedule, place.learned, tokenBudget);
      const { loss, norm } = await session.step(next, since.rate);
      place.taken = stream.taken;
      place.learned += next.learned;
      place.seconds = (performance.now() - began) / 1_000;
      since.updates++;
      since.loss += loss;
      since.norm = norm;
      since.learned += next.learned;
      since.filled += next.filled;
    }
  } finally {
    await session.close();
  }

  function fresh() {
    return { updates: 0, loss: 0, norm: 0, rate: 0, learned: 0, filled: 0, from: performance.now() };
  }

  function endOf(): TrainingEnd | null {
    if (place.learned >= tokenBudget) return 'completed';
    if (signal?.aborted) return 'stopped';
    return secondBudget !== undefined && place.seconds >= secondBudget ? 'out-of-time' : null;
  }

  async function point(): Promise<void> {
    const seconds = (performance.now() - since.from) / 1_000;
    const tokensPerSecond = since.learned / seconds;
    onPoint?.({
      ...place,
      step: session.steps,
      loss: since.loss / since.updates,
      norm: since.norm,
      rate: since.rate,
      tokensPerSecond,
      textTokensPerSecond: since.filled / seconds,
      validation: measured && (await session.loss(measured)),
      left: Math.max(0, tokenBudget - place.learned) / tokensPerSecond,
    });
    since = fresh();
  }
};
