import type { Category } from './category.ts';
import type { ItemCause } from './critique.ts';
import type { IngestTrace } from './ingest.ts';
import type { Judgement } from './judgement.ts';
import type { RanOn, TraceLink } from './local-run.ts';
import type { PieceScore } from './local-task.ts';
import type { JsonValue } from './trace.ts';

/** One thing to do: a trace, by row number, and which repetition of it (0-based). */
export interface RunItem {
  seq: number;
  repetition: number;
}

/** What an answer said and cost; kept with the result of its item. */
export interface AnswerFigures {
  /** Of the answer cache, 64 hex digits. */
  key: string;
  /** Encoded as in `judgement.ts`; null when the answer did not parse. */
  position: number | null;
  category: Category | null;
  confidence: number | null;
  rationale: string;
  cached: boolean;
  inputTokens: number;
  outputTokens: number;
  /** US dollars; 0 when cached, null where the model has no price. */
  cost: number | null;
  modelMs: number;
  queueMs: number;
  attempts: number;
}

export type ItemState = 'done' | 'not-applicable' | 'failed';

/**
 * What a run became for one item; `judgement` only with `done`, `cause`, `error` and `detail` only with `failed`.
 * `answer`: where a model was asked, also when its answer did not parse.
 */
export interface ItemResult extends RunItem {
  state: ItemState;
  cause?: ItemCause;
  error?: string;
  /** What helps to see why it failed, e.g. `{ status: 503, raw: "..." }`; strings are kept to 64 kB. */
  detail?: { [key: string]: JsonValue };
  judgement?: Judgement;
  answer?: AnswerFigures;
  local?: LocalFindings;
}

/** What a local model made of an item, and where. */
export interface LocalFindings {
  ranOn: RanOn;
  promptTokens: number;
  /** Tokens that it wrote. */
  writtenTokens?: number;
  /** Its surprise at each step. */
  steps?: PieceScore[];
  /** Traces that it wrote; the samples of one problem. */
  samples?: SampledTrace[];
  /** Share of the samples that answered what the item's own trace answers, 0..1; null where that has no answer. */
  agreement?: number | null;
}

/** A trace that a model wrote for an item. */
export interface SampledTrace {
  trace: IngestTrace;
  link: Omit<TraceLink, 'run'>;
  /** Of its final answer; null where there is no reference. */
  judgement: Judgement | null;
  /** Share of the samples beside it that have its answer, itself counted, 0..1; null where it has none. */
  agreement: number | null;
}

/** Counts of items; `flawed` of `done` were found flawed. What is missing to `total` is still to do. */
export interface Tally {
  total: number;
  done: number;
  failed: number;
  skipped: number;
  flawed: number;
}
