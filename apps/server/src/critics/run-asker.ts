import type { ChatRequest } from '@flywheel/domain/chat';
import { Budget, type CritiqueConfig, type RunSpend } from '@flywheel/domain/critique';
import type { ProviderSettings } from '@flywheel/domain/provider';
import type { RunSummary } from '@flywheel/domain/run';
import { BudgetMeter } from '@flywheel/providers/budget-meter';
import type { Reply } from '@flywheel/providers/desk';
import type { Priority } from '@flywheel/providers/fair-queue';
import { CallFailed } from '@flywheel/runs/critique-ports';
import { Pulse } from '@flywheel/runs/pulse';
import { Held } from '@flywheel/runs/run-error';
import type { JobContext } from '@flywheel/runs/run-handler';
import { TryNotes } from '@flywheel/runs/try-notes';
import { type CritiqueParts, explained } from './open-critique.ts';

const PULSE_MS = 1_000;
const NOTHING: RunSpend = {
  calls: 0,
  cached: 0,
  parseFailures: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: null,
};

/** Where a question is asked. */
type Place = Pick<CritiqueConfig, 'provider' | 'model'>;

/**
 * Asks the questions of a run that is not made of items. Its answers lie in the cache: begun again after a pause or a kill,
 * such a run takes the same way from there, and pays only for what it had not been told.
 */
export class RunAsker {
  private readonly parts: CritiqueParts;
  private readonly job: JobContext;
  private readonly home: Place;
  private readonly provider: ProviderSettings;
  private readonly budget: BudgetMeter;
  private readonly pulse = new Pulse(performance.now());
  private readonly notes: TryNotes;
  private readonly holding = new AbortController();
  private readonly hold: AbortSignal;
  private readonly open = new Set<Promise<unknown>>();
  private readonly began = performance.now();
  private readonly workedBefore: number;
  private readonly beating: NodeJS.Timeout;
  private spend: RunSpend;
  private counts = { total: null as number | null, done: 0, failed: 0 };
  private figures: RunSummary['result'] = {};

  static async open(parts: CritiqueParts, job: JobContext, home: Place): Promise<RunAsker> {
    const before = await parts.store.runs.get(job.id);
    return new RunAsker(parts, job, await parts.providers.need(home.provider), home, before);
  }

  private constructor(
    parts: CritiqueParts,
    job: JobContext,
    provider: ProviderSettings,
    home: Place,
    before: Pick<RunSummary, 'spend' | 'result'> | null,
  ) {
    this.parts = parts;
    this.job = job;
    this.provider = provider;
    this.home = home;
    // What it finds in the cache now may be what it paid for before.
    this.spend = { ...NOTHING, ...before?.spend, cached: 0, parseFailures: 0 };
    this.workedBefore = Number(before?.result.workedSeconds ?? 0);
    const used = { tokens: this.spend.inputTokens + this.spend.outputTokens, cost: this.spend.cost };
    this.budget = new BudgetMeter(() => Budget.parse(job.config.budget ?? {}), used);
    this.notes = new TryNotes(job.tell);
    this.hold = AbortSignal.any([job.hold, this.holding.signal]);
    this.beating = setInterval(() => this.beat(), PULSE_MS);
  }

  /**
   * One answer; at another place than the run's, where one is given.
   *
   * @throws Held when going on would do no good; the signal's reason when the run was stopped
   * @returns the reply, or why there is none
   */
  ask(request: ChatRequest, repetition: number, place: Place = this.home): Promise<Reply | CallFailed> {
    const asked = this.askOnce(request, repetition, place);
    this.open.add(asked);
    const over = (): unknown => this.open.delete(asked);
    asked.then(over, over);
    return asked;
  }

  /** Counts that the run shows. */
  report(counts: { total?: number; done?: number; failed?: number }, figures?: RunSummary['result']): void {
    Object.assign(this.counts, counts);
    Object.assign(this.figures, figures);
    this.tell();
  }

  /** Counts an answer that could not be read. */
  unread(): void {
    this.spend = { ...this.spend, parseFailures: this.spend.parseFailures + 1 };
  }

  /** What of the run's result is known to every kind. */
  get result(): RunSummary['result'] {
    const seconds = this.workedBefore + (performance.now() - this.began) / 1_000;
    return { ...this.figures, workedSeconds: Math.round(seconds * 10) / 10 };
  }

  /** Resolves when no call of the run is in flight any more. */
  async close(): Promise<void> {
    clearInterval(this.beating);
    await Promise.allSettled(this.open);
    this.beat();
  }

  private async askOnce(request: ChatRequest, repetition: number, place: Place): Promise<Reply | CallFailed> {
    // The store may have begun to close.
    this.hold.throwIfAborted();
    const { config } = this.job;
    const provider = await this.parts.providers.need(place.provider);
    try {
      const reply = await this.parts.providers.desk.ask({
        request: { ...request, model: place.model },
        provider,
        key: await this.parts.providers.keyOf(provider),
        repetition,
        caller: this.caller,
        priority: (config.priority as Priority | undefined) ?? 'normal',
        limit: (config.concurrency as number | null | undefined) ?? null,
        budget: this.budget,
        signal: this.job.signal,
        hold: this.hold,
        onTry: (text: string) => this.notes.add(text),
      });
      this.count(reply);
      return reply;
    } catch (error) {
      const failure = explained(error);
      if (failure instanceof CallFailed) {
        this.spend = { ...this.spend, calls: this.spend.calls + failure.attempts };
        this.pulse.end(true, null);
        return failure;
      }
      if (failure instanceof Held) this.holding.abort(failure);
      throw failure;
    }
  }

  private count({ answer, cached, attempts, cost }: Reply): void {
    const { spend } = this;
    this.pulse.end(false, cached ? null : answer.modelMs);
    this.spend = cached
      ? { ...spend, cached: spend.cached + 1 }
      : {
          ...spend,
          calls: spend.calls + attempts,
          inputTokens: spend.inputTokens + answer.usage.input,
          outputTokens: spend.outputTokens + answer.usage.output,
          cost: cost === null ? spend.cost : (spend.cost ?? 0) + cost,
        };
  }

  private beat(): void {
    const { minutes } = Budget.parse(this.job.config.budget ?? {});
    if (minutes !== null && Number(this.result.workedSeconds) + PULSE_MS / 1_000 > minutes * 60)
      this.holding.abort(new Held(`The budget of ${minutes} min is used up. Raise it and resume.`));
    this.notes.flush();
    const flight = this.parts.providers.desk.flight(this.provider, this.caller);
    this.job.tell(this.pulse.beat(performance.now(), Date.now(), flight));
    this.tell({ now: flight.now, limit: flight.limit });
  }

  private tell(flight?: RunSummary['flight']): void {
    const { spend, result, counts } = this;
    this.job.report({ ...counts, spend, result, ...(flight ? { flight } : {}) }, this.place);
  }

  private get place() {
    const { done, failed, total } = this.counts;
    return { done: done + failed, total, unit: 'questions' };
  }

  private get caller(): string {
    return `run ${this.job.id}`;
  }
}
