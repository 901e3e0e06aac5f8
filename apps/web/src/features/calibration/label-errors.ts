import type { TraceId } from '@flywheel/domain/ids';
import type { Evidence, Position } from '@flywheel/domain/judgement';
import type { TraceDetail } from '@flywheel/domain/trace';

export interface Disagreement {
  trace: TraceId;
  predicted: Position;
  gold: Position;
}

/**
 * The evidence that makes a disagreement a candidate for an error in gold: a failed calculation at the step
 * that the judge names, which lies before the step that gold names. Null when the judge only asserts.
 */
export const evidenceAgainstGold = (d: Disagreement, detail: TraceDetail, judge: string): Evidence | null => {
  if (typeof d.predicted !== 'number') return null;
  const judgement = detail.judgements.find((j) => j.judge === judge);
  // A judge that names a later step than gold proves nothing about gold's step.
  if (typeof d.gold === 'number' && d.gold < d.predicted) return null;
  return judgement?.evidence.find((e) => !e.ok && e.step === d.predicted) ?? null;
};

/** `S3`, `clean`, `flawed, unlocated`. */
export const positionWords = (p: Position): string =>
  p === 'clean' ? 'clean' : p === 'unlocated' ? 'flawed, unlocated' : `S${p}`;

/** Where a trace is opened: Samples, with the list narrowed to it. */
export const traceHref = (id: TraceId): string => `/samples?trace=${id}&q=${encodeURIComponent(`id:${id}`)}`;
