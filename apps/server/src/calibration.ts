import { GIVEN_OUTCOME, IMPORTED_GOLD, JudgeId, judgeName } from '@flywheel/domain/ids';
import { calibrate } from '@flywheel/domain/metrics/calibration';
import type { Query } from '@flywheel/domain/query/ast';
import type { Store } from '@flywheel/store/store';
import { UserError } from './errors.ts';

export interface CalibrationRequest {
  judge: string;
  gold?: string | undefined;
  seed: number;
  resamples: number;
}

/** A judge against gold over a slice, with the traces on which they differ. */
export const compareJudges = async (store: Store, request: CalibrationRequest, query: Query) => {
  const judges = await store.judgements.judges();
  const resolve = (name: string): { judge: JudgeId; scope: 'outcome' | 'steps' } => {
    if (name === GIVEN_OUTCOME || name === judgeName(GIVEN_OUTCOME))
      return { judge: GIVEN_OUTCOME, scope: 'outcome' };
    const found = judges.filter((j) => j.judge === name || judgeName(j.judge) === name);
    const [only] = found;
    if (only && found.length === 1) return { judge: only.judge, scope: only.scope };
    const known = judges.map((j) => j.judge).join(', ') || 'none yet';
    throw new UserError(
      found.length > 1
        ? `"${name}" names several judges: ${found.map((j) => j.judge).join(', ')}. Write the kind, too.`
        : `No judge "${name}" has given a verdict here (judges: ${known}). Run it first: flywheel judge ${judgeName(JudgeId.safeParse(name).data ?? (`verifier:${name}` as JudgeId))}.`,
      'NOT_FOUND',
    );
  };
  const judge = resolve(request.judge);
  const gold = request.gold
    ? resolve(request.gold).judge
    : judge.scope === 'outcome'
      ? GIVEN_OUTCOME
      : IMPORTED_GOLD;
  const pairs = await store.judgements.pairs(judge.judge, gold, query);
  const calibration = calibrate(
    pairs.map((p) => ({ predicted: p.predicted, gold: p.gold })),
    { seed: request.seed, resamples: request.resamples },
  );
  const differing = pairs.filter((p) => p.predicted !== p.gold);
  return {
    judge: judge.judge,
    gold,
    ...calibration,
    /** Ids of all traces on which judge and gold differ, in order of arrival. */
    disagreements: differing.map((p) => p.trace),
    /** What each said of them, in the same order; encoded as in `traces.page`. */
    verdicts: differing.map((p) => ({ trace: p.trace, predicted: p.predicted, gold: p.gold })),
  };
};
