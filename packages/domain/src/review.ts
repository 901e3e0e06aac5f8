import { z } from 'zod';
import { Category } from './category.ts';
import { ReviewId, TraceId } from './ids.ts';
import { StepLabel } from './judgement.ts';

/** What a reviewer did with a trace. Append-only: `undo` takes back the named review and is itself kept. */
export const ReviewAction = z.enum(['commit', 'skip', 'give-up', 'undo']);
export type ReviewAction = z.infer<typeof ReviewAction>;

export const Reviewer = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\s:]+$/, 'a reviewer name has no spaces or colons');

export const Review = z.object({
  id: ReviewId,
  trace: TraceId,
  reviewer: Reviewer,
  action: ReviewAction,
  /** For `commit`: null = clean. */
  firstError: z.number().int().min(0).nullable(),
  labels: z.array(StepLabel.nullable()),
  category: Category.nullable(),
  rationale: z.string().max(20_000),
  /** Corrected text of a step. */
  corrections: z.array(z.object({ step: z.number().int().min(0), text: z.string().max(100_000) })),
  flagged: z.boolean(),
  /** Why the reviewer gave up or skipped; empty otherwise. */
  reason: z.string().max(2_000),
  /** The review that an `undo` takes back. */
  undoes: ReviewId.nullable(),
  /** Active milliseconds spent on the trace. */
  spentMs: z.number().int().min(0),
  /** Whether AI verdicts were hidden until commit. */
  blind: z.boolean(),
  at: z.number().int(),
});
export type Review = z.infer<typeof Review>;

/** `x` on step k: earlier steps that have no label become good, k becomes bad, later ones are unlooked again. */
export const markFirstError = (labels: readonly (StepLabel | null)[], k: number): (StepLabel | null)[] =>
  labels.map((label, i) => (i < k ? (label ?? 1) : i === k ? -1 : null));

/** First step labelled -1, or null. */
export const firstBad = (labels: readonly (StepLabel | null)[]): number | null => {
  const k = labels.indexOf(-1);
  return k < 0 ? null : k;
};
