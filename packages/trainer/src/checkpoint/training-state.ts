import { z } from 'zod';
import { DecoderShape } from '../llama/shape.ts';
import type { TrainingState } from '../session/training-session.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** Where a training stands, beside its state. */
export const TrainingPlace = z.object({
  /** Texts that were taken from the stream. */
  taken: z.number().int().min(0),
  /** Tokens of completions that were learned. */
  learned: z.number().int().min(0),
  /** Seconds that it took so far. */
  seconds: z.number().min(0),
});
export type TrainingPlace = z.infer<typeof TrainingPlace>;

/** A training that can be gone on with. */
export interface TrainingCheckpoint {
  shape: DecoderShape;
  state: TrainingState;
  place: TrainingPlace;
  /** Of texts and settings: what is gone on with must be the same. */
  fingerprint: string;
}

const Kept = z.object({
  format: z.literal('flywheel-training'),
  shape: DecoderShape,
  place: TrainingPlace,
  steps: z.number().int().min(0),
  fingerprint: z.string(),
});
const STATE = ['weights', 'mean', 'variance'] as const;

/** A checkpoint as a file: safetensors of three vectors. */
export const writeCheckpoint = ({
  shape,
  state,
  place,
  fingerprint,
}: TrainingCheckpoint): Uint8Array<ArrayBuffer> => {
  const kept: z.infer<typeof Kept> = {
    format: 'flywheel-training',
    shape,
    place,
    steps: state.steps,
    fingerprint,
  };
  const tensors = new Map(STATE.map((name) => [name, { dims: [state[name].length], values: state[name] }]));
  return writeSafetensors({ tensors, metadata: { flywheel: JSON.stringify(kept) } });
};

/** @throws RangeError where the file is damaged, or no checkpoint of a training */
export const readCheckpoint = (file: Uint8Array): TrainingCheckpoint => {
  const { tensors, metadata } = readSafetensors(file);
  const kept = Kept.safeParse(parsed(metadata.flywheel));
  const [weights, mean, variance] = STATE.map((name) => tensors.get(name)?.values);
  if (!kept.success || !weights || !mean || !variance)
    throw new RangeError('The file holds weights, but no training that could be gone on with.');
  const { shape, place, steps, fingerprint } = kept.data;
  return { shape, place, fingerprint, state: { weights, mean, variance, steps } };
};

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
};
