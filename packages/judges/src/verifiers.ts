import { calcAnnotations } from './calc-annotations.ts';
import { dyck } from './dyck.ts';
import { equalityChain } from './equality-chain.ts';
import { finalAnswer } from './final-answer.ts';
import { shuffledObjects } from './shuffled-objects.ts';
import type { Verifier } from './verifier.ts';

/** Every verifier there is, in the order in which they are offered. */
export const VERIFIERS: readonly Verifier[] = [
  finalAnswer,
  calcAnnotations,
  equalityChain,
  dyck,
  shuffledObjects,
];
