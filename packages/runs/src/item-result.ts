import type { Category } from '@flywheel/domain/category';
import type { ItemCause } from '@flywheel/domain/critique';
import type { Judgement } from '@flywheel/domain/judgement';
import type { JsonValue } from '@flywheel/domain/trace';

/** One thing to do: a trace, by row number, and which repetition of it (0-based). */
export interface RunItem {
  seq: number;
  repetition: number;
}

/** What an answer said and cost; kept with the result of its item. */
export interface AnswerFigures {
  /** Of the answer cache, 64 hex digits. */
  key: string;
  /** Encoded as in `domain/judgement.ts`; null when the answer did not parse. */
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

/**
 * What a run became for one item; `judgement` only with `done`, `cause`, `error` and `detail` only with `failed`.
 * `answer`: where a model was asked, also when its answer did not parse.
 */
export interface ItemResult extends RunItem {
  state: 'done' | 'not-applicable' | 'failed';
  cause?: ItemCause;
  error?: string;
  /** What helps to see why it failed, e.g. `{ status: 503, raw: "..." }`; strings at most 64 kB. */
  detail?: { [key: string]: JsonValue };
  judgement?: Judgement;
  answer?: AnswerFigures;
}
