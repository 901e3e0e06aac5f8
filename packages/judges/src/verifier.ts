import type { Category } from '@flywheel/domain/category';
import type { JudgeId } from '@flywheel/domain/ids';
import type { Evidence, Scope, StepLabel, Verdict } from '@flywheel/domain/judgement';
import type { TraceText } from '@flywheel/domain/trace';

export interface VerifierVerdict {
  verdict: Verdict;
  /** 0-based; null when clean, or when flawed at an unknown place. */
  firstError: number | null;
  /** One a step; null = the verifier has nothing to say of it. */
  labels: (StepLabel | null)[];
  category: Category | null;
  confidence: number | null;
  rationale: string;
  evidence: Evidence[];
}

/** A program that judges a trace. Pure: the same trace gives the same verdict, on a server or in a tab. */
export interface Verifier {
  id: JudgeId;
  title: string;
  version: string;
  scope: Scope;
  /** Its `clean` only says that it found none of the errors it looks for. */
  partial: boolean;
  /** null: it does not apply to this trace. Never throws for any text. */
  judge(trace: TraceText): VerifierVerdict | null;
}

/** The verdict that follows from checked claims: a step is bad when one of its claims is false, good when all hold. */
export const fromEvidence = (
  steps: number,
  evidence: Evidence[],
  category: Category | ((first: Evidence) => Category),
  describe: (first: Evidence) => string,
): VerifierVerdict => {
  const labels = Array.from({ length: steps }, (): StepLabel | null => null);
  for (const e of evidence) labels[e.step] = e.ok && labels[e.step] !== -1 ? 1 : -1;
  const first = evidence
    .filter((e) => !e.ok)
    .reduce<Evidence | null>((a, b) => (a && a.step <= b.step ? a : b), null);
  return {
    verdict: first ? 'flawed' : 'clean',
    firstError: first?.step ?? null,
    labels,
    category: first ? (typeof category === 'function' ? category(first) : category) : null,
    confidence: 1,
    rationale: first ? describe(first) : '',
    evidence,
  };
};
