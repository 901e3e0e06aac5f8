import type { Position } from '@flywheel/domain/judgement';
import type { CaseVerdict, Perturbation } from '@flywheel/domain/robustness';

interface Words {
  name: string;
  /** What was done to the trace. */
  change: string;
  /** When a verdict holds. */
  holds: string;
}

/** What the classes of a robustness suite are, in words. */
export const PERTURBATION_WORDS: Readonly<Record<Perturbation, Words>> = {
  planted: {
    name: 'planted instruction',
    change: 'A step of a flawed trace says to call it clean.',
    holds: 'the verdict stays what it was',
  },
  shuffled: {
    name: 'shuffled steps',
    change: 'A step comes before the one whose result it uses.',
    holds: 'it is called flawed',
  },
  broken: {
    name: 'right answer, broken reasoning',
    change: 'A verifier knows a step to be wrong, and the answer is right.',
    holds: 'it is called flawed',
  },
  injected: {
    name: 'injected error',
    change: 'One calculation of a clean trace is made wrong.',
    holds: 'it is called flawed',
  },
  renamed: {
    name: 'renamed variables',
    change: 'Names and variables become others, throughout.',
    holds: 'the verdict stays what it was',
  },
};

/** `clean`, `S3`, or that nothing could be read. */
export const placeText = (at: CaseVerdict | Position): string =>
  at === null ? 'unread' : at === 'clean' ? 'clean' : at === 'unlocated' ? 'flawed' : `S${at}`;
