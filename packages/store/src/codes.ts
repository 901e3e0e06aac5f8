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

/** Judges with a code below this have a bit in `trace.judges`; later ones stand in `trace_judge`. */
export const JUDGE_BITS = 62;

/** The bits of these judges' codes. */
export const judgeBits = (codes: Iterable<number>): bigint => {
  let bits = 0n;
  for (const code of codes) if (code < JUDGE_BITS) bits |= 1n << BigInt(code);
  return bits;
};

/** Codes of the judges whose bits are set. */
export const judgesOf = (bits: bigint): number[] => {
  const codes: number[] = [];
  for (let code = 0; bits >> BigInt(code) > 0n; code++) if ((bits >> BigInt(code)) & 1n) codes.push(code);
  return codes;
};

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
