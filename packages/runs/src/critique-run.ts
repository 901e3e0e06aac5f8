import { Budget, CritiqueConfig, type RunSpend } from '@flywheel/domain/critique';
import type { RunSummary } from '@flywheel/domain/run';
import type { ItemResult } from '@flywheel/domain/run-item';
import { type Call, CallFailed, type Critique, type CritiquePorts } from './critique-ports.ts';
import { addSpend, callFailure, liveItem, resultOf } from './critique-result.ts';
import { FairTurns } from './fair-turns.ts';
import { ItemSource, type LeasedItem } from './item-source.ts';
import { Pulse } from './pulse.ts';
import { ResultWriter } from './result-writer.ts';
import { Held } from './run-error.ts';
import type { JobContext, RunHandler } from './run-handler.ts';
import { TryNotes } from './try-notes.ts';

const PULSE_MS = 1_000;

/**
 * Asks a critic about every item that has no result. Each answer is kept before the verdict that was made of it, so that
 * a kill at any moment repeats only the calls that were in flight.
 */
export const critiqueRun = (
  ports: CritiquePorts,
  fingerprint: NonNullable<RunHandler['fingerprint']>,
): RunHandler => ({
  manner: 'beside',
  itemwise: true,
  pausable: true,
  fingerprint,
  work: async (job) => {
    const config = job.config as unknown as CritiqueConfig;
    CritiqueConfig.parse(config);
    const spent = await ports.runs.spend(job.id);
    return new CritiqueWork(job, ports, await ports.open(config, spent), spent).run();
  },
});

class CritiqueWork {
  private readonly job: JobContext;
  private readonly ports: CritiquePorts;
  private readonly critique: Critique;
  private readonly source: ItemSource;
  private readonly writer: ResultWriter;
  private readonly pulse = new Pulse(performance.now());
  private readonly turns = new FairTurns();
  private readonly notes: TryNotes;
  private readonly caller: string;
  /** Aborted by the job's hold, by a budget that is used up, and by results that cannot be kept. */
  private readonly holding = new AbortController();
  private readonly hold: AbortSignal;
  private held: Held | null = null;
  private spend: RunSpend;
  /** When this stretch began, on a clock that does not jump, and the seconds that earlier ones worked. */
  private readonly began = performance.now();
  private workedBefore = 0;
  private taking: Promise<void>[] = [];
  private tally = { total: 0, done: 0, failed: 0, skipped: 0, flawed: 0 };

  constructor(job: JobContext, ports: CritiquePorts, critique: Critique, spent: RunSpend) {
    this.job = job;
    this.ports = ports;
    this.critique = critique;
    this.spend = spent;
    this.caller = `run ${job.id}`;
    this.source = new ItemSource(job.id, ports);
    this.hold = AbortSignal.any([job.hold, this.holding.signal]);
    this.notes = new TryNotes(job.tell);
    this.writer = new ResultWriter(job.id, ports, (results, kept) => {
      for (const result of results) this.source.done(result);
      for (const key of ['done', 'failed', 'skipped', 'flawed'] as const) this.tally[key] += kept[key];
      this.report();
    });
  }

  async run(): Promise<RunSummary['result']> {
    this.tally = (await this.ports.runs.tally(this.job.id)) ?? this.tally;
    this.workedBefore = Number((await this.ports.runs.get(this.job.id))?.result.workedSeconds ?? 0);
    this.report();
    const beat = setInterval(() => this.beat(), PULSE_MS);
    try {
      do await this.askAll();
      while (!this.hold.aborted && (await this.ports.runs.missing(this.job.id, 1)).length > 0);
      if (this.held && !this.job.hold.aborted) throw this.held;
      return this.result;
    } finally {
      clearInterval(beat);
      this.beat();
    }
  }

  /** Resolves when no item is left to take and what came of all that were taken is kept. */
  private async askAll(): Promise<void> {
    this.taking = [];
    this.widen();
    let ended: PromiseSettledResult<void>[];
    do ended = await Promise.allSettled(this.taking);
    while (ended.length < this.taking.length);
    this.taking = [];
    await this.writer.drain();
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }

  /** Takes more at once where more calls are allowed than before; where fewer are, they wait for their turns. */
  private widen(): void {
    while (this.taking.length < this.critique.width()) this.taking.push(this.takeAndAsk());
  }

  private async takeAndAsk(): Promise<void> {
    // Signals of its own: at a shared one, each listener that is added is compared with those of all other calls.
    const signal = AbortSignal.any([this.job.signal]);
    const hold = AbortSignal.any([this.hold]);
    try {
      while (!hold.aborted) {
        await this.turns.next();
        const item = await this.source.take();
        if (!item || hold.aborted) return;
        const result = await this.ask(item, { signal, hold });
        if (result) await this.keep(item, result);
      }
    } catch (error) {
      // One that cannot go on stops all: what it met (a full disk, a mistake of ours) awaits the others, too.
      this.holding.abort(error);
      throw error;
    }
  }

  private async keep(item: LeasedItem, result: ItemResult): Promise<void> {
    this.spend = addSpend(this.spend, result);
    const { answer } = result;
    this.pulse.end(result.state === 'failed', answer && !answer.cached ? answer.modelMs : null);
    if (item.trace) this.job.tell(liveItem(result, item.trace, Date.now()));
    await this.writer.add(result);
  }

  /** The item's result; null when it was stopped before there was one. */
  private async ask(item: LeasedItem, signals: Pick<Call, 'signal' | 'hold'>): Promise<ItemResult | null> {
    const { critique, job } = this;
    const { seq, repetition, trace } = item;
    if (!trace) return { seq, repetition, state: 'failed', cause: 'trace-gone', error: 'The trace is gone.' };
    try {
      const request = critique.request(trace);
      const call = {
        ...signals,
        caller: this.caller,
        onTry: (text: string) => this.notes.add(text),
      };
      let asked = await critique.ask(request, repetition, call);
      let parsed = critique.parse(asked.answer, trace);
      // Retried, an answer that could not be read is asked for anew; else it stays what it was, and costs nothing again.
      if (!parsed.ok && asked.cached && job.retrying) {
        asked = await critique.ask(request, repetition, { ...call, fresh: true });
        parsed = critique.parse(asked.answer, trace);
      }
      return resultOf(item, trace, critique, asked, parsed, Date.now());
    } catch (error) {
      if (error instanceof CallFailed) return callFailure(item, error);
      if (signals.hold.aborted) return null;
      if (!(error instanceof Held)) throw error;
      this.holdRun(error);
      return null;
    }
  }

  private holdRun(why: Held): void {
    this.held ??= why;
    this.holding.abort(why);
  }

  private get result(): RunSummary['result'] {
    const seconds = this.workedBefore + (performance.now() - this.began) / 1_000;
    return { flawed: this.tally.flawed, workedSeconds: Math.round(seconds * 10) / 10 };
  }

  private beat(): void {
    const { minutes } = Budget.parse(this.job.config.budget ?? {});
    if (minutes !== null && Number(this.result.workedSeconds) + PULSE_MS / 1_000 > minutes * 60)
      this.holdRun(new Held(`The budget of ${minutes} min is used up. Raise it and resume.`));
    if (!this.hold.aborted && this.taking.length > 0) this.widen();
    const flight = this.critique.flight(this.caller);
    this.notes.flush();
    this.job.tell(this.pulse.beat(performance.now(), Date.now(), flight));
    this.report();
  }

  private report(): void {
    const { flawed: _flawed, ...counts } = this.tally;
    const { now, limit } = this.critique.flight(this.caller);
    this.job.report({ ...counts, spend: this.spend, flight: { now, limit }, result: this.result });
  }
}
