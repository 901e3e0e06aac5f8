import { calcAnnotations } from './calc-annotations.ts';
import { equalityChain } from './equality-chain.ts';
import { finalAnswer } from './final-answer.ts';
import type { Verifier } from './verifier.ts';

/** Every verifier there is, in the order in which they are offered. */
export const VERIFIERS: readonly Verifier[] = [finalAnswer, calcAnnotations, equalityChain];
