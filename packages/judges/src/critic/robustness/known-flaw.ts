import type { Evidence } from '@flywheel/domain/judgement';
import type { TraceText } from '@flywheel/domain/trace';
import { finalAnswer } from '../../final-answer.ts';
import type { Verifier } from '../../verifier.ts';
import { VERIFIERS } from '../../verifiers.ts';

const STEP_VERIFIERS: readonly Verifier[] = VERIFIERS.filter((v) => v.scope === 'steps');

/** The first step that a verifier shows to be wrong; null where none does. */
export const verifiedFlaw = (trace: TraceText): number | null => {
  const found = STEP_VERIFIERS.flatMap((verifier) => verifier.judge(trace)?.firstError ?? []);
  return found.length === 0 ? null : Math.min(...found);
};

/** Checked claims that hold. */
export const soundClaims = (trace: TraceText): Evidence[] =>
  STEP_VERIFIERS.flatMap((verifier) => verifier.judge(trace)?.evidence ?? []).filter((e) => e.ok);

/** Whether the final answer is right, as the file says or the reference shows. */
export const answersRight = (trace: TraceText): boolean =>
  trace.given === 'right' || finalAnswer.judge(trace)?.verdict === 'clean';
