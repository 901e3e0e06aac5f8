import type { JudgeId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { TraceText } from '@flywheel/domain/trace';
import type { Verifier, VerifierVerdict } from '@flywheel/judges/verifier';
import { VERIFIERS } from '@flywheel/judges/verifiers';
import { UserError } from '../errors.ts';

/** Finds a verifier by `final-answer` or `verifier:final-answer`; throws {@link UserError} with the names there are. */
export const findVerifier = (name: string): Verifier => {
  const id = name.includes(':') ? name : `verifier:${name}`;
  const found = VERIFIERS.find((v) => v.id === id);
  if (found) return found;
  const names = VERIFIERS.map((v) => v.id.slice('verifier:'.length)).join(', ');
  throw new UserError(`There is no verifier "${name}". Verifiers: ${names}.`, 'NOT_FOUND');
};

export const judgementOf = (verifier: Verifier, trace: TraceText, verdict: VerifierVerdict): Judgement => ({
  trace: trace.id,
  judge: verifier.id as JudgeId,
  scope: verifier.scope,
  ...verdict,
  version: verifier.version,
  imported: false,
  at: Date.now(),
});
