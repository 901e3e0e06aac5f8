import type { ChatAnswer, ChatRequest } from '@flywheel/domain/chat';
import type { CritiqueConfig, ItemCause, ParsedAnswer, RunSpend } from '@flywheel/domain/critique';
import type { JudgeId } from '@flywheel/domain/ids';
import type { JsonValue, TraceText } from '@flywheel/domain/trace';
import type { SourcePorts } from './item-source.ts';
import type { Flight } from './pulse.ts';
import type { WriterPorts } from './result-writer.ts';
import type { RunStore } from './run-store.ts';

/** What a critique run needs of the rest: a store, and critics that can ask. */
export interface CritiquePorts extends SourcePorts, WriterPorts {
  runs: RunStore;
  /**
   * Makes ready what a config asks: the critic's version, the provider, the budget, of which `spent` is used already.
   * `config` is live: concurrency, priority and budget are read from it at every call.
   *
   * @throws RunError where critic or provider are not there any more
   */
  open(config: CritiqueConfig, spent: RunSpend): Promise<Critique>;
}

/** A critic's version that is ready to ask a model. */
export interface Critique {
  judge: JudgeId;
  /** Its content hash. */
  version: string;
  /** Items worth having in hand at once: more than the calls that may be in flight. It follows the config. */
  width(): number;
  /** @throws Error that says what is wrong with the template, and where */
  request(trace: TraceText): ChatRequest;
  /**
   * @throws CallFailed when there is no answer; Held when going on would do no good for any item; the signal's reason
   *   when it was aborted
   */
  ask(request: ChatRequest, repetition: number, call: Call): Promise<Asked>;
  parse(answer: ChatAnswer, trace: TraceText): ParsedAnswer;
  flight(caller: string): Flight;
}

export interface Call {
  /** Who asks; turns are taken between callers. */
  caller: string;
  /** Aborts the call wherever it is. */
  signal: AbortSignal;
  /** Aborts it as long as it has not been sent. */
  hold: AbortSignal;
  /** Asks again, though an answer is kept. */
  fresh?: boolean;
  /** Called when a try failed and another will follow. */
  onTry(text: string): void;
}

export interface Asked {
  answer: ChatAnswer;
  /** Of the answer cache. */
  key: string;
  cached: boolean;
  attempts: number;
  queueMs: number;
  /** US dollars; null where the model has no price. */
  cost: number | null;
}

/** No answer came, and another item may fare better. */
export class CallFailed extends Error {
  readonly itemCause: ItemCause;
  readonly attempts: number;
  /** e.g. `{ status: 503, raw: "..." }` */
  readonly detail: { [key: string]: JsonValue };

  constructor(message: string, itemCause: ItemCause, attempts: number, detail: { [key: string]: JsonValue }) {
    super(message);
    this.name = 'CallFailed';
    this.itemCause = itemCause;
    this.attempts = attempts;
    this.detail = detail;
  }
}
