import { JudgeKind, judgeKind } from '@flywheel/domain/ids';
import { encodePosition, position } from '@flywheel/domain/judgement';
import { agreement } from '@flywheel/domain/metrics/agreement';
import type { TraceDetail } from '@flywheel/domain/trace';
import type { LogEntry } from './sitting.ts';

export interface KindAgreement {
  kind: Exclude<JudgeKind, 'human'>;
  /** Committed traces on which that kind of judge has a verdict, too. */
  n: number;
  kappa: number | null;
}

/**
 * Cohen's kappa of the reviewer's committed first errors with each kind of judge, over this sitting.
 * `detailOf` gives the trace as it was opened; a judge's newest step verdict counts.
 */
export const sessionAgreement = (
  log: readonly LogEntry[],
  detailOf: (id: string) => TraceDetail | undefined,
): KindAgreement[] =>
  (['verifier', 'critic', 'local'] as const).map((kind) => {
    const ratings = log.flatMap(({ review }) => {
      if (review.action !== 'commit') return [];
      const theirs = detailOf(review.trace)
        ?.judgements.filter((j) => j.scope === 'steps' && judgeKind(j.judge) === kind)
        .toSorted((a, b) => b.at - a.at)[0];
      if (theirs === undefined) return [];
      const mine = review.firstError === null ? -1 : review.firstError;
      return [
        { item: review.trace as string, rater: 'reviewer', value: String(mine) },
        { item: review.trace as string, rater: kind, value: String(encodePosition(position(theirs))) },
      ];
    });
    const figures = agreement(ratings, 'nominal');
    return { kind, n: figures.items, kappa: figures.kappa };
  });
