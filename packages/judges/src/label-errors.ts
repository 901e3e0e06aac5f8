import type { JudgeId, TraceId } from '@flywheel/domain/ids';
import { type Evidence, type Position, position } from '@flywheel/domain/judgement';
import type { VerifierVerdict } from './verifier.ts';

/**
 * How a program contradicts a human label.
 * `missed`: gold says clean, yet a claim of a step is false.
 * `earlier`: a claim of a step before gold's first error is false.
 * `unfounded`: gold's first error is a step whose every claim was checked and is true. Weaker: a person may have meant
 * what the program does not look at.
 * `outcome`: gold says clean, but the final answer is not the reference.
 */
export type Contradiction = 'missed' | 'earlier' | 'unfounded' | 'outcome';

export interface LabelErrorCandidate {
  trace: TraceId;
  gold: Position;
  judge: JudgeId;
  /** Where the program puts the first error. */
  found: Position;
  kind: Contradiction;
  /** The false claim; for `unfounded`, the first true claim of the step that gold calls wrong; for `outcome`, null. */
  evidence: Evidence | null;
  rationale: string;
}

export interface Judged {
  trace: TraceId;
  gold: Position;
  verdicts: readonly { judge: JudgeId; verdict: VerifierVerdict }[];
}

const candidate = (
  { trace, gold }: Judged,
  judge: JudgeId,
  verdict: VerifierVerdict,
): LabelErrorCandidate | null => {
  const found = position(verdict);
  const about = { trace, gold, judge, found, rationale: verdict.rationale };
  const proof = verdict.evidence.find((e) => !e.ok && e.step === found);
  const contradicted =
    typeof found === 'number' && (gold === 'clean' || (typeof gold === 'number' && found < gold));
  if (contradicted && proof)
    return { ...about, kind: gold === 'clean' ? 'missed' : 'earlier', evidence: proof };
  if (gold === 'clean' && found === 'unlocated') return { ...about, kind: 'outcome', evidence: null };
  const holds = verdict.evidence.find((e) => e.step === gold);
  if (typeof gold === 'number' && holds && verdict.labels[gold] === 1)
    return { ...about, kind: 'unfounded', evidence: holds };
  return null;
};

/** The traces whose human label is contradicted by checked claims, in the order given, one entry a verdict. Pure. */
export const labelErrorCandidates = (items: readonly Judged[]): LabelErrorCandidate[] =>
  items.flatMap((item) =>
    item.verdicts.flatMap(({ judge, verdict }) => candidate(item, judge, verdict) ?? []),
  );
