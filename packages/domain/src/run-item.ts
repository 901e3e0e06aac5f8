import type { Category } from './category.ts';
import type { ItemCause } from './critique.ts';
import type { Judgement } from './judgement.ts';
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
}

/** Counts of items; `flawed` of `done` were found flawed. What is missing to `total` is still to do. */
export interface Tally {
  total: number;
  done: number;
  failed: number;
  skipped: number;
  flawed: number;
}
