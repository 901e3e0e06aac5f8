import { z } from 'zod';

/** Branded ids: a schema and a type of the same name, so that a run's id cannot be passed for a trace's. */
const id = <const B extends string>(brand: B, pattern: RegExp) =>
  z.string().regex(pattern, `not a ${brand} id`).brand<B>();

const hex16 = /^[0-9a-f]{16}$/;

/** 64-bit content hash, 16 hex digits. See `packages/interchange/SPEC.md` for what is hashed. */
export const TraceId = id('trace', hex16);
export type TraceId = z.infer<typeof TraceId>;

/** 64-bit hash of the prompt: traces of the same prompt meet at one problem, whoever produced them. */
export const ProblemId = id('problem', hex16);
export type ProblemId = z.infer<typeof ProblemId>;

const counter = <B extends string>() => z.number().int().positive().brand<B>();

export const ImportId = counter<'import'>();
export type ImportId = z.infer<typeof ImportId>;
export const RunId = counter<'run'>();
export type RunId = z.infer<typeof RunId>;
export const SliceId = counter<'slice'>();
export type SliceId = z.infer<typeof SliceId>;
export const SelectionId = counter<'selection'>();
export type SelectionId = z.infer<typeof SelectionId>;

/** Made by the client (UUID), so that a review sent twice is kept once. */
export const ReviewId = z.uuid().brand<'review'>();
export type ReviewId = z.infer<typeof ReviewId>;

/** `kind:name`, e.g. `verifier:final-answer`, `human:ada`, `critic:first-error@7`. */
export const JudgeId = z
  .string()
  .regex(
    /^(verifier|critic|local|human):[^\s:]{1,80}$/,
    'a judge is named kind:name, e.g. verifier:final-answer',
  )
  .brand<'judge'>();
export type JudgeId = z.infer<typeof JudgeId>;

export const JudgeKind = z.enum(['verifier', 'critic', 'local', 'human']);
export type JudgeKind = z.infer<typeof JudgeKind>;

export const judgeKind = (judge: JudgeId): JudgeKind => JudgeKind.parse(judge.slice(0, judge.indexOf(':')));
export const judgeName = (judge: JudgeId): string => judge.slice(judge.indexOf(':') + 1);

/** The judge under which a file's own first-error labels are kept: gold from people, though not from our reviewers. */
export const IMPORTED_GOLD = JudgeId.parse('human:imported-gold');

/**
 * The file's own right/wrong flag (`is_correct`), kept as a column of the trace and not as a judgement;
 * calibration accepts it as gold under this name.
 */
export const GIVEN_OUTCOME = JudgeId.parse('human:given-outcome');
