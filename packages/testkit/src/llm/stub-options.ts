import type { Answers, AnswersJson } from './answers.ts';
import type { AsideBehaviour } from './behaviour.ts';
import type { CallRecord } from './call-record.ts';
import type { KeyOf } from './chat-call.ts';
import type { Latency } from './latency.ts';
import type { Rule, RuleJson } from './rules.ts';

export interface StubOptions {
  /** `{ kind: 'text', text: 'ok' }` by default. */
  answers?: Answers;
  /** What takes a call first decides; calls that no rule takes are answered. */
  rules?: readonly Rule[];
  /** 0 by default. */
  latency?: Latency;
  /** Of everything that is drawn here; `goldAnswers` has its own. */
  seed?: number;
  keyOf?: KeyOf;
  /** Calls without it get a 401. By default no key is asked for. */
  key?: string;
  /** What `GET /v1/models` lists; a call for another gets a 404. By default any model is answered, `stub-1` listed. */
  models?: readonly string[];
  /** What becomes of a request for the list of models, instead of the list. */
  modelsThen?: AsideBehaviour;
  /** A prompt with more tokens gets a 400 (context length). */
  contextTokens?: number;
  /** Keeps each request's JSON in its record. */
  keepBodies?: boolean;
}

/** What can be changed while it runs. Setting rules starts their counts and their clock anew. */
export type StubChange = Pick<StubOptions, 'rules' | 'latency' | 'answers'> & {
  /** null: the list again. */
  modelsThen?: AsideBehaviour | null;
};

export interface StubLlm {
  /** The base URL for a provider's settings, e.g. `http://127.0.0.1:40123/v1`, of both vendors. */
  url: string;
  /** Without the path. */
  origin: string;
  /** All calls since the start or the last reset, oldest first. */
  readonly calls: readonly CallRecord[];
  /** Requests that are no calls: for the list of models, or for a path that is not here. */
  readonly others: readonly CallRecord[];
  readonly inFlight: number;
  readonly peakInFlight: number;
  change: (change: StubChange) => void;
  /** Forgets the calls, the peak and all counts, and starts the rules' clock anew. Calls in flight go on unseen. */
  reset: () => void;
  /** Breaks what is in flight and closes. */
  close: () => Promise<void>;
}

/** Options for the child process: no functions. */
export interface StubOptionsJson extends Omit<StubOptions, 'answers' | 'rules' | 'keyOf'> {
  answers?: AnswersJson;
  rules?: readonly RuleJson[];
  /** A regular expression; its first group (or all that it matches) is the key. */
  keyPattern?: string;
}

export type StubChangeJson = Pick<StubOptionsJson, 'rules' | 'latency' | 'answers'> &
  Pick<StubChange, 'modelsThen'>;
