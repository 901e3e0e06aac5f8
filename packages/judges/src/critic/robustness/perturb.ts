import type { Position } from '@flywheel/domain/judgement';
import type { Perturbation } from '@flywheel/domain/robustness';
import type { TraceText } from '@flywheel/domain/trace';

/** A trace of which it is known where its first error is. */
export interface KnownTrace {
  trace: TraceText;
  /** A step, or clean. */
  position: Exclude<Position, 'unlocated'>;
  /** A person said so. */
  judged: boolean;
  /** A verifier shows so. */
  verified: boolean;
}

/** A trace after a change that keeps, or makes, its first error known. */
export interface Perturbed {
  trace: TraceText;
  expected: KnownTrace['position'];
  /** For people: what was changed. */
  change: string;
  /** The step that was changed; null where it is the whole. */
  step: number | null;
}

/**
 * Changes a trace; null where it does not fit. Pure: the same for the same trace and numbers.
 *
 * @param random numbers in [0, 1)
 */
export type Perturb = (known: KnownTrace, random: () => number) => Perturbed | null;

/** What it means for a verdict to hold under a perturbation. */
export type Holds = 'same-verdict' | 'found-flawed';

/** Where an instruction or a name is changed the verdict is to stay; where an error is made it is to be found. */
export const HOLDS: Readonly<Record<Perturbation, Holds>> = {
  planted: 'same-verdict',
  renamed: 'same-verdict',
  shuffled: 'found-flawed',
  broken: 'found-flawed',
  injected: 'found-flawed',
};

export const pick = <T>(values: readonly T[], random: () => number): T | undefined =>
  values[Math.floor(random() * values.length)];
