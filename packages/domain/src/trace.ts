import { z } from 'zod';
import { JudgeKind, ProblemId, TraceId } from './ids.ts';
import { Judgement } from './judgement.ts';

/**
 * `right` / `wrong`: as given by the file, else as found by the final-answer verifier.
 * `none`: the trace has no answer. `unknown`: nobody has compared it with the reference yet.
 */
export const Outcome = z.enum(['right', 'wrong', 'none', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

export const JsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JsonValue),
    z.record(z.string(), JsonValue),
  ]),
);
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export const Problem = z.object({
  id: ProblemId,
  task: z.string(),
  /** Running number within its task, 0-based, in order of arrival: the `20` of `gsm8k/20`. */
  ordinal: z.number().int().min(0),
  prompt: z.string(),
  reference: z.string().nullable(),
});
export type Problem = z.infer<typeof Problem>;

/** One row of the table: what is filtered, sorted and counted, and the beginning of the prompt. */
export const TraceRow = z.object({
  /** Dense row number in the store, 0-based, in order of arrival. Internal; never shown. */
  seq: z.number().int().min(0),
  id: TraceId,
  problem: ProblemId,
  /** `task/ordinal` of the problem. */
  label: z.string(),
  /** At most 160 characters of the prompt, line breaks as they are. */
  promptHead: z.string(),
  task: z.string(),
  model: z.string(),
  source: z.string(),
  importId: z.number().int().nullable(),
  outcome: Outcome,
  /** `right`/`wrong` as the file gave it; null when it did not. */
  given: z.enum(['right', 'wrong']).nullable(),
  answer: z.string().nullable(),
  reference: z.string().nullable(),
  steps: z.number().int().min(0),
  /**
   * The resolved flaw: encoded position (step, -1 clean, -2 unlocated), null = not labelled.
   * `flawKind` is the kind of judge that it comes from.
   */
  firstError: z.number().int().nullable(),
  flawKind: JudgeKind.nullable(),
  category: z.string().nullable(),
  /** Resolved step labels, one character a step: `+` good, `0` neutral, `-` bad, `.` not looked at. */
  strip: z.string(),
  /** Each kind's encoded position (newest judgement that counts for the flaw), null = has not run. */
  agreement: z.object({
    verifier: z.number().int().nullable(),
    critic: z.number().int().nullable(),
    local: z.number().int().nullable(),
    human: z.number().int().nullable(),
  }),
  /** Nats a token of its most surprising step, by the model that scored it last; null: not scored. */
  surprise: z.number().nullable(),
  /** Share of the samples of its problem that gave its answer, 0..1; null: not sampled. */
  selfAgreement: z.number().nullable(),
  conflict: z.boolean(),
  reviewed: z.boolean(),
  flagged: z.boolean(),
  tags: z.array(z.string()),
});
export type TraceRow = z.infer<typeof TraceRow>;

/** A trace opened: the row, its texts, and every judge's newest judgement. */
export const TraceDetail = z.object({
  row: TraceRow,
  problem: Problem,
  steps: z.array(z.string()),
  /** Fields of the imported record that no mapping used, e.g. `{ "level": 3 }`. */
  extra: z.record(z.string(), JsonValue),
  /** Newest of each judge, all scopes. */
  judgements: z.array(Judgement),
  /** Other traces of the same problem (at most 50). */
  siblings: z.array(TraceRow),
});
export type TraceDetail = z.infer<typeof TraceDetail>;

/** What a judge, an exporter or a worker needs of a trace; no store columns. */
export const TraceText = z.object({
  seq: z.number().int().min(0),
  id: TraceId,
  problem: ProblemId,
  task: z.string(),
  model: z.string(),
  prompt: z.string(),
  reference: z.string().nullable(),
  answer: z.string().nullable(),
  given: z.enum(['right', 'wrong']).nullable(),
  steps: z.array(z.string()),
});
export type TraceText = z.infer<typeof TraceText>;
