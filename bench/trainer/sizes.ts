import { DecoderShape } from '@flywheel/trainer/llama/shape';
import type { BatchShape } from '@flywheel/trainer/llama/training-graph';

/** Decoders and batches by the number of their weights, each block as heavy as the prototype's (design section 8). */
export const SIZES: Readonly<Record<string, { shape: DecoderShape; batch: BatchShape }>> = {
  '0.34M': sized({ width: 96, layers: 3, heads: 3, hidden: 256 }, { rows: 64, length: 64 }),
  '0.8M': sized({ width: 128, layers: 4, heads: 4, hidden: 344 }, { rows: 32, length: 128 }),
  '2.7M': sized({ width: 192, layers: 6, heads: 6, hidden: 512 }, { rows: 32, length: 128 }),
};

function sized(
  of: { width: number; layers: number; heads: number; hidden: number },
  batch: BatchShape,
): { shape: DecoderShape; batch: BatchShape } {
  const shape = DecoderShape.parse({ ...of, vocabulary: 88, keyHeads: of.heads, positions: batch.length });
  return { shape, batch };
}

export const OPTIMISER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
export const RATE = 1e-3;
