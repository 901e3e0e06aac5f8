import { z } from 'zod';
import { Category } from './category.ts';
import { JudgeId, TraceId } from './ids.ts';

/** +1 good, 0 neutral, -1 bad. A step that nobody looked at has no label (null), which differs from 0. */
export const StepLabel = z.union([z.literal(1), z.literal(0), z.literal(-1)]);
export type StepLabel = z.infer<typeof StepLabel>;

/**
 * `clean`: the judge found no flaw. `flawed`: it found one; `firstError` says where, and is null when
 * the judge only knows that there is one (a wrong final answer). Whoever could not tell gives no judgement at all.
 */
export const Verdict = z.enum(['clean', 'flawed']);
export type Verdict = z.infer<typeof Verdict>;

/**
 * What a judge looks at. `outcome`: only whether the final answer is right. `steps`: the reasoning.
 * Outcome judgements set the trace's outcome; steps judgements set its flaw.
 */
export const Scope = z.enum(['outcome', 'steps']);
export type Scope = z.infer<typeof Scope>;

/** One checked expression inside a step: where it stands, what it claims, what it should be. */
export const Evidence = z.object({
  step: z.number().int().min(0),
  /** Half-open character range [start, end) in the step's text. */
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  /** The text that makes the claim, verbatim, e.g. `10*(2/3)=8`. */
  claim: z.string(),
  /** The value found there, and the value that it should have. */
  found: z.string(),
  expected: z.string(),
  ok: z.boolean(),
  note: z.string().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Judgement = z
  .object({
    trace: TraceId,
    judge: JudgeId,
    scope: Scope,
    verdict: Verdict,
    /** 0-based; null when clean, or when flawed at an unknown place. */
    firstError: z.number().int().min(0).nullable(),
    /** One entry a step; shorter arrays leave the rest unlooked. */
    labels: z.array(StepLabel.nullable()),
    category: Category.nullable(),
    /** 0..1, null when the judge gives none. */
    confidence: z.number().min(0).max(1).nullable(),
    /** May cite steps as [S3]. */
    rationale: z.string(),
    evidence: z.array(Evidence),
    /** Version of the judge (a verifier's or a critic's content hash). */
    version: z.string(),
    imported: z.boolean(),
    /** Milliseconds since 1970. */
    at: z.number().int(),
  })
  .refine((j) => j.verdict === 'flawed' || j.firstError === null, 'a clean judgement has no first error');
export type Judgement = z.infer<typeof Judgement>;

/** Where a judge puts the first error: a step, `clean`, or `unlocated` (flawed, place unknown). */
export type Position = number | 'clean' | 'unlocated';

export const position = (j: Pick<Judgement, 'verdict' | 'firstError'>): Position =>
  j.verdict === 'clean' ? 'clean' : (j.firstError ?? 'unlocated');

/**
 * A position as the store's SMALLINT: step >= 0, -1 clean, -2 unlocated; null = no judgement.
 */
export const encodePosition = (p: Position): number => (p === 'clean' ? -1 : p === 'unlocated' ? -2 : p);
export const decodePosition = (n: number): Position => (n === -1 ? 'clean' : n === -2 ? 'unlocated' : n);
