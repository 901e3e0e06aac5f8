import { Category } from '@flywheel/domain/category';
import { ReviewId } from '@flywheel/domain/ids';
import type { StepLabel } from '@flywheel/domain/judgement';
import { markFirstError, type Review } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';

/** What a person can agree with: an error at a step, or that there is none; null where nothing was located. */
export const confirmable = ({ row }: TraceDetail): string | null => {
  if (row.flawKind === 'human' || row.firstError === null || row.firstError === -2) return null;
  return row.firstError === -1 ? 'clean' : `S${row.firstError}`;
};

/** The reviewer's agreement with the resolved flaw, as a review of their own. */
export const confirmation = (trace: TraceDetail, reviewer: string, id: string, now: number): Review => {
  const at = trace.row.firstError ?? -1;
  const blank: (StepLabel | null)[] = trace.steps.map(() => null);
  return {
    id: ReviewId.parse(id),
    trace: trace.row.id,
    reviewer,
    action: 'commit',
    firstError: at < 0 ? null : at,
    labels: at < 0 ? trace.steps.map(() => 1) : markFirstError(blank, at),
    category: at < 0 ? null : (Category.safeParse(trace.row.category).data ?? null),
    rationale: '',
    corrections: [],
    flagged: trace.row.flagged,
    reason: '',
    undoes: null,
    spentMs: 0,
    blind: false,
    at: now,
  };
};
