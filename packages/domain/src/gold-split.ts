import type { ProblemId } from './ids.ts';

export type GoldSplit = 'train' | 'dev' | 'test';

/**
 * The split that a problem's gold labels belong to: 40 % train, 40 % dev, 20 % test, by its id (a 64-bit content hash),
 * so that all traces of a problem stay together, and more data moves nothing.
 *
 * @example splitOf('00000000…' as ProblemId) // 'train'
 */
export const splitOf = (problem: ProblemId): GoldSplit => {
  const bucket = Number.parseInt(problem.slice(-8), 16) % 100;
  return bucket < 40 ? 'train' : bucket < 80 ? 'dev' : 'test';
};
