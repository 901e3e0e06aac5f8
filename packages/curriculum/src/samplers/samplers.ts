import { z } from 'zod';
import { adaptiveDifficulty } from './adaptive-difficulty.ts';
import { bandit } from './bandit.ts';
import { failureWeighted } from './failure-weighted.ts';
import { learningProgress } from './learning-progress.ts';
import type { SlicePassRate } from './pass-rate.ts';
import { normalised } from './shares.ts';
import { targetBand } from './target-band.ts';

/** Decides what share each slice has of what is learned next: pure, so that a dry run shows what will be built. */
export interface Sampler {
  label: string;
  /** When to take it, in one sentence. */
  reason: string;
  /** @returns a share for each slice, in their order; 0 or more, 1 in all */
  shares(slices: readonly SlicePassRate[]): number[];
}

export const SamplerId = z.enum([
  'natural',
  'uniform',
  'failure-weighted',
  'target-band',
  'adaptive-difficulty',
  'learning-progress',
  'bandit',
]);
export type SamplerId = z.infer<typeof SamplerId>;

export const SAMPLERS: Readonly<Record<SamplerId, Sampler>> = {
  natural: {
    label: 'Natural',
    reason: 'The stream as it comes, where hard cases are rare: what the others are compared with.',
    shares: (slices) => normalised(slices.map(({ natural }) => natural)),
  },
  uniform: {
    label: 'Uniform',
    reason: 'Every slice alike: the plainest way to see hard cases more often.',
    shares: (slices) => slices.map(() => 1 / slices.length),
  },
  'failure-weighted': {
    label: 'Failure-weighted',
    reason: 'The more a slice fails, the more of it is learned.',
    shares: failureWeighted,
  },
  'target-band': {
    label: 'Target band',
    reason: 'What is sometimes solved: neither what is known nor what is out of reach.',
    shares: targetBand,
  },
  'adaptive-difficulty': {
    label: 'Adaptive difficulty (AdaRFT)',
    reason: 'A difficulty that rises while more than half is solved, and falls while less is.',
    shares: adaptiveDifficulty,
  },
  'learning-progress': {
    label: 'Learning progress (TSCL)',
    reason: 'Where the pass rate changes fastest, up or down: what is being learned or forgotten.',
    shares: learningProgress,
  },
  bandit: {
    label: 'Bandit (SEC)',
    reason: 'Where a step moves the model most, judged over the generations.',
    shares: bandit,
  },
};
