import type { Answers, AnswersJson } from './answers.ts';
import type { Latency } from './latency.ts';
import type { EndpointError } from './wire.ts';

/** How an answer's text is dressed, or what becomes of it. */
export type AnswerForm =
  | 'plain'
  /** In a ```json fence. */
  | 'fence'
  /** In the middle of sentences. */
  | 'prose'
  /** A sentence, and no JSON. */
  | 'not-json'
  /** JSON of another shape. */
  | 'wrong-schema'
  /** The vendor's refusal: OpenAI's `refusal` field, Anthropic's `stop_reason`. */
  | 'refusal'
  /** Cut in half, and said to have reached the limit. */
  | 'truncated'
  /** No text at all. */
  | 'empty'
  /** The HTTP body (of a stream: one event) is broken JSON. */
  | 'malformed-body';

/** What an answer says of tokens. `wrong`: ten times too many; `zero`, `negative`: impossible counts. */
export type UsageForm = 'counted' | 'missing' | 'zero' | 'negative' | 'wrong';

export interface AnswerBehaviour {
  kind: 'answer';
  /** Instead of the stub's own. */
  latency?: Latency;
  answers?: Answers;
  form?: AnswerForm;
  usage?: UsageForm;
  /** Pieces of a streamed answer; 8 by default. */
  chunks?: number;
  /** Milliseconds between the events of a stream; 0 by default: all in one write. */
  gapMs?: number;
  /** The headers go out at once, the latency lies between them and the body. */
  headersFirst?: boolean;
  /** The body comes in pieces of so many bytes, so many milliseconds apart. */
  trickle?: { bytes: number; everyMs: number };
  /** Megabytes (1e6 bytes) of further words after the text. */
  hugeMb?: number;
}

/** When to come again, as the headers say it: `seconds` or `dateInMs`, and `ms` beside either. */
export interface RetryAfter {
  /** `retry-after: 2` */
  seconds?: number;
  /** `retry-after` as an HTTP date, so many milliseconds ahead; it has whole seconds only, rounded up. */
  dateInMs?: number;
  /** `retry-after-ms` */
  ms?: number;
}

/** What becomes of a call. */
export type Behaviour =
  | AnswerBehaviour
  | {
      kind: 'error';
      error: EndpointError;
      /** Instead of the vendor's usual words. */
      detail?: string;
      /** Instead of the vendor's usual status, e.g. 402 for `quota`. */
      status?: number;
      retryAfter?: RetryAfter;
      /** 0 by default. */
      latency?: Latency;
      /** The body is a proxy's HTML page. */
      html?: boolean;
    }
  /** Never ends: nothing comes, or the headers alone, or half of the body. */
  | { kind: 'hang'; after?: 'nothing' | 'headers' | 'half' }
  /** The connection is reset before anything was sent, or after half of the body. */
  | { kind: 'reset'; at: 'start' | 'half'; latency?: Latency }
  /** Half of a stream's events and then a proper end of the response, with no word of finishing. */
  | { kind: 'end-early' }
  /** A stream that begins well and then says that it failed. */
  | { kind: 'stream-error'; error: EndpointError }
  | { kind: 'redirect'; to: string; status?: 301 | 302 | 303 | 307 | 308 };

/** What may become of a request that asks no model. */
export type AsideBehaviour =
  | Extract<Behaviour, { kind: 'error' | 'redirect' }>
  | { kind: 'hang'; after?: 'nothing' | 'headers' }
  | { kind: 'reset'; at: 'start'; latency?: Latency };

/** A behaviour without functions. */
export type BehaviourJson =
  | (Omit<AnswerBehaviour, 'answers'> & { answers?: AnswersJson })
  | Exclude<Behaviour, AnswerBehaviour>;
