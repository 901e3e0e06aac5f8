import { z } from 'zod';
import type { Category } from './category.ts';
import { ChatFailureCause } from './chat.ts';
import { CriticId } from './critic.ts';
import type { TraceId } from './ids.ts';
import { ProviderId } from './provider.ts';

/** What a run may use up; it stops before it would pass any of these. null: no limit. */
export const Budget = z.object({
  tokens: z.number().int().min(1).nullable().default(null),
  /** US dollars; needs a price for the model. */
  money: z.number().positive().nullable().default(null),
  minutes: z.number().positive().nullable().default(null),
});
export type Budget = z.infer<typeof Budget>;

/** Everything that a critique run is made from; a change of any but `concurrency`, `priority` and `budget` is another run. */
export const CritiqueConfig = z.object({
  critic: CriticId,
  /** Version number. */
  version: z.number().int().min(1),
  provider: ProviderId,
  model: z.string().min(1).max(200),
  /** Answers asked for each trace; the first gives the verdict, the others show the noise. */
  repetitions: z.number().int().min(1).max(20).default(1),
  /** Calls in flight at most; null: the provider's limit. */
  concurrency: z.number().int().min(1).max(2048).nullable().default(null),
  priority: z.enum(['low', 'normal', 'high']).default('normal'),
  budget: Budget.default(Budget.parse({})),
});
export type CritiqueConfig = z.infer<typeof CritiqueConfig>;

/** What of a run's config may change while it lives: how it goes, not what it asks. */
export const Tuning = CritiqueConfig.pick({ concurrency: true, priority: true, budget: true });
export type Tuning = z.infer<typeof Tuning>;

/** What an answer's text came to. A refusal or a cut answer is a parse failure with that reason, never a verdict. */
export type ParsedAnswer =
  | {
      ok: true;
      /** 0-based step, or null: clean. */
      firstError: number | null;
      category: Category | null;
      confidence: number | null;
      rationale: string;
      /** Steps that the rationale cites as [S3], in order, each once; only those that the trace has. */
      citations: number[];
      /** How the object was found: as the whole text, in a code fence, or amid prose. */
      found: 'whole' | 'fence' | 'prose';
    }
  | {
      ok: false;
      reason:
        | 'no-json'
        | 'bad-json'
        | 'wrong-schema'
        | 'step-out-of-range'
        | 'refusal'
        | 'truncated'
        | 'empty';
      /** For people: what is wrong, and where. */
      detail: string;
    };

/** Why an item failed: the call, the parse of its answer, the template, or the trace itself. */
export const ItemCause = z.enum([
  ...ChatFailureCause.options,
  'parse',
  'template',
  'trace-gone',
  'judge-error',
]);
export type ItemCause = z.infer<typeof ItemCause>;

/** One kept result of a critique run, as lists show it. */
export interface RunAnswer {
  trace: TraceId;
  repetition: number;
  state: 'done' | 'failed';
  /** Encoded as in `judgement.ts` (-1 clean); null when failed. */
  position: number | null;
  category: Category | null;
  confidence: number | null;
  rationale: string;
  cause: ItemCause | null;
  error: string | null;
  cached: boolean;
  inputTokens: number;
  outputTokens: number;
  /** US dollars; null where the model has no price. A cached answer costs 0. */
  cost: number | null;
  /** Time at the model and time waiting for a place there. */
  modelMs: number;
  queueMs: number;
  attempts: number;
  at: number;
}

/** What a run has used up so far. */
export interface RunSpend {
  /** Calls that were sent and answered, retries included. */
  calls: number;
  cached: number;
  parseFailures: number;
  inputTokens: number;
  outputTokens: number;
  cost: number | null;
}
