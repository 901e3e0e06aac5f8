import { type ChatAnswer, type ChatRequest, mostTokens } from '@flywheel/domain/chat';
import { costOf, type ProviderId, type ProviderSettings } from '@flywheel/domain/provider';
import type { AnswerCache } from './answer-cache.ts';
import { backoff, sleep } from './backoff.ts';
import { type BudgetMeter, BudgetSpent } from './budget-meter.ts';
import { cacheKey } from './cache-key.ts';
import { type AskerSignals, CallFlight, type Outcome } from './call-flight.ts';
import { ChatFailure } from './chat-failure.ts';
import type { Priority } from './fair-queue.ts';
import type { Flight } from './gate.ts';
import { baseUrlOf, type Here } from './open-client.ts';
import { Place } from './place.ts';

export interface Question extends AskerSignals {
  request: ChatRequest;
  provider: ProviderSettings;
  /** Its key, already checked to belong to the provider's origin; null: none. */
  key: string | null;
  repetition: number;
  /** Who asks; turns are taken between callers. */
  caller: string;
  priority: Priority;
  /** Calls that this caller may have in flight; null: as many as the provider. */
  limit: number | null;
  budget?: BudgetMeter | undefined;
  /** Asks again, though an answer is kept; the new one takes its place. */
  fresh?: boolean | undefined;
}

export interface Reply {
  answer: ChatAnswer;
  /** Of the answer in the cache. */
  key: string;
  cached: boolean;
  /** Tries, the one that was answered included; 0 when cached. */
  attempts: number;
  queueMs: number;
  /** US dollars; 0 when cached, null where the model has no price. */
  cost: number | null;
}

/** Milliseconds that a question may meet with limited rates: they are the server's wish, not its failure. */
const LIMITED_MS = 15 * 60_000;

/**
 * Where every question to a model is asked: answers that are kept are given at once, equal questions that are asked at the
 * same time become one call, and calls go through the provider's {@link Gate}, again where that may help. Owns clients and
 * gates; does not own keys, settings or the cache.
 */
export class Desk {
  private readonly cache: AnswerCache;
  private readonly here: Here;
  private readonly flights = new Map<string, CallFlight>();
  private readonly places = new Map<ProviderId, Place>();

  /** @param recordings the folder that `replay` reads from; @param local answers for the models of the workspace */
  constructor(cache: AnswerCache, recordings: string, local?: Here['local']) {
    this.cache = cache;
    this.here = { recordings, local };
  }

  /** The key under which the answer to a question is kept. */
  keyOf(provider: ProviderSettings, request: ChatRequest, repetition: number): string {
    return cacheKey(baseUrlOf(provider), request, repetition);
  }

  /**
   * @throws GaveUp when there is no answer; BudgetSpent when the call does not fit into the budget; the reason of
   *   `signal` or `hold` when it was aborted
   */
  async ask(question: Question): Promise<Reply> {
    const { request, provider, repetition } = question;
    const key = this.keyOf(provider, request, repetition);
    const kept = question.fresh ? undefined : this.cache.get(key);
    if (kept) {
      question.signal.throwIfAborted();
      const { text, finish, usage, modelMs } = kept;
      question.onText?.(text);
      return {
        answer: { text, finish, usage, modelMs },
        key,
        cached: true,
        attempts: 0,
        queueMs: 0,
        cost: 0,
      };
    }
    // Of equal questions at one time the first pays; the others have its answer for nothing, as from the cache.
    const known = this.flights.get(key);
    if (known?.open) {
      try {
        const { answer, queueMs } = await known.join(question);
        return { answer, key, cached: true, attempts: 0, queueMs, cost: 0 };
      } catch (error) {
        // That was the budget of the one who asked first.
        if (error instanceof BudgetSpent) return this.ask(question);
        throw error;
      }
    }
    const flight = new CallFlight();
    this.flights.set(key, flight);
    const outcome = flight.join(question);
    flight.begin(() =>
      this.call(question, key, flight).finally(() => {
        if (this.flights.get(key) === flight) this.flights.delete(key);
      }),
    );
    return { ...(await outcome), key, cached: false };
  }

  /**
   * Takes over a provider's limits, to be told when its settings are saved. Who asks does not change them: a run asks with
   * the settings that it was started with.
   */
  configure(provider: ProviderSettings): void {
    this.places.get(provider.id)?.gate.configure(provider.limits);
  }

  /** Calls in flight at a provider, of one caller or all. */
  flight(provider: ProviderSettings, caller?: string): Flight {
    return this.place(provider).gate.flight(caller);
  }

  /** @throws ChatFailure */
  models(provider: ProviderSettings, key: string | null, signal: AbortSignal): Promise<string[]> {
    return this.place(provider).client(provider, key).models(signal);
  }

  async close(): Promise<void> {
    await Promise.all([...this.places.values()].map((place) => place.close()));
  }

  /** Tries until there is an answer, or no hope of one, and keeps it. */
  private async call(question: Question, key: string, flight: CallFlight): Promise<Outcome> {
    const { request, provider, budget } = question;
    const place = this.place(provider);
    const most = mostTokens(request);
    const tokens = most.input + most.output;
    let attempts = 0;
    let queueMs = 0;
    let limited = 0;
    const began = performance.now();
    for (;;) {
      const settle = await budget?.reserve(
        { tokens, cost: costOf(provider.prices, request.model, most) },
        flight.signal,
      );
      let used: ChatAnswer['usage'] | null = null;
      try {
        const answer = await place.tryOnce(question, tokens, flight, (ms) => {
          queueMs += ms;
        });
        used = answer.usage;
        const cost = costOf(provider.prices, request.model, used);
        this.cache.put(key, {
          ...answer,
          baseUrl: baseUrlOf(provider),
          model: request.model,
          at: Date.now(),
        });
        return { answer, attempts: attempts + 1, queueMs, cost };
      } catch (error) {
        if (!(error instanceof ChatFailure)) throw error;
        attempts++;
        if (error.failure === 'rate-limited') limited++;
        const wait =
          error.retryAfterMs ?? backoff(error.failure === 'rate-limited' ? limited : attempts - limited);
        const late = limited > 0 && performance.now() - began + wait > LIMITED_MS;
        const last = attempts - limited >= provider.limits.attempts || late;
        if (!error.retryable || last) throw new GaveUp(error, attempts);
        flight.tried(
          `Try ${attempts} failed: ${error.message} Another follows in ${(wait / 1_000).toFixed(1)} s.`,
        );
        const slept = performance.now();
        await sleep(wait, flight.signal);
        queueMs += performance.now() - slept;
      } finally {
        settle?.(
          used && {
            tokens: used.input + used.output,
            cost: costOf(provider.prices, request.model, used),
          },
        );
      }
    }
  }

  private place(provider: ProviderSettings): Place {
    let place = this.places.get(provider.id);
    if (!place) {
      place = new Place(provider.limits, this.here);
      this.places.set(provider.id, place);
    }
    return place;
  }
}

/** A failure after all its tries. */
export class GaveUp extends Error {
  readonly failure: ChatFailure;
  readonly attempts: number;

  constructor(failure: ChatFailure, attempts: number) {
    super(failure.message, { cause: failure });
    this.name = 'GaveUp';
    this.failure = failure;
    this.attempts = attempts;
  }
}
