import type { Category } from './category.ts';
import type { ItemCause } from './critique.ts';
import type { TraceId } from './ids.ts';

/** What a run that works tells as it goes: a pulse a second, items as they end, and notes. Times in milliseconds since 1970. */
export type RunLive =
  | {
      type: 'pulse';
      at: number;
      /** Items a second since the pulse before. */
      rate: number;
      /** Calls at the model, the limit that holds, and calls that wait for a place. */
      inFlight: number;
      limit: number;
      waiting: number;
      /** Milliseconds at the model of the calls that ended since the pulse before; null when none did. */
      p50: number | null;
      p95: number | null;
      /** Items that failed since the pulse before. */
      failed: number;
    }
  | {
      type: 'item';
      at: number;
      trace: TraceId;
      repetition: number;
      state: 'done' | 'failed';
      /** Encoded as in `judgement.ts`; null when failed. */
      position: number | null;
      category: Category | null;
      confidence: number | null;
      cause: ItemCause | null;
      error: string | null;
      cached: boolean;
      modelMs: number;
      attempts: number;
    }
  | { type: 'note'; at: number; level: 'info' | 'warn'; text: string };
