import { CATEGORIES, type Category } from '@flywheel/domain/category';
import type { JudgeKind } from '@flywheel/domain/ids';
import type { Outcome } from '@flywheel/domain/trace';

/** Closed vocabularies as the small integers of the narrow tables (`migrations/0001`). */
export const OUTCOMES: readonly Outcome[] = ['unknown', 'right', 'wrong', 'none'];
export const KINDS: readonly JudgeKind[] = ['verifier', 'critic', 'local', 'human'];

export const outcomeCode = (o: Outcome): number => OUTCOMES.indexOf(o);
export const givenCode = (g: 'right' | 'wrong' | null): number => (g === null ? 0 : g === 'right' ? 1 : 2);
export const givenName = (code: number): 'right' | 'wrong' | null =>
  code === 1 ? 'right' : code === 2 ? 'wrong' : null;

export const categoryCode = (c: Category | null): number | null => {
  const i = CATEGORIES.findIndex((k) => k.id === c);
  return i < 0 ? null : i;
};
export const categoryName = (code: number | null): Category | null =>
  code === null ? null : (CATEGORIES[code]?.id ?? null);

export const kindCode = (k: JudgeKind | null): number | null => (k === null ? null : KINDS.indexOf(k));
export const kindName = (code: number | null): JudgeKind | null =>
  code === null ? null : (KINDS[code] ?? null);

/** Order of the review queue: 3 conflict, 2 convincing wrong answer (wrong, yet nobody located an error), 1 rest, 0 reviewed. */
export const usefulness = (t: {
  reviewed: boolean;
  conflict: boolean;
  outcome: Outcome;
  firstError: number | null;
}): number => {
  if (t.reviewed) return 0;
  if (t.conflict) return 3;
  return t.outcome === 'wrong' && (t.firstError ?? -1) < 0 ? 2 : 1;
};
