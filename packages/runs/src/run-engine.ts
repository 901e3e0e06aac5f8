import type { RunId, TraceId } from '@flywheel/domain/ids';
import {
  IllegalTransition,
  possibleActs,
  type RunEvent,
  type RunState,
  type RunSummary,
  transition,
} from '@flywheel/domain/run';
import { NotFoundError, RunError, Stopped } from './run-error.ts';
import type { RunEvents } from './run-events.ts';
import { atMostEvery, type Counts, type Place, RunProgress } from './run-progress.ts';
import type { RunConfig, RunStore } from './run-store.ts';

export interface JobContext {
  id: RunId;
  config: RunConfig;
  /** Aborted by cancel and by shutdown: stop within a second. */
  signal: AbortSignal;
  /** Whether a pause was asked for: finish what is in hand, keep it, and return. */
  pausing(): boolean;
  /** Counts so far; `place` drives rate and ETA where the counts do not (bytes of a file). */
  report(counts: Counts, place?: Place): void;
}

/** The work of one kind of run. Must be safe to call again after a kill: what is done already is not done twice. */
export type JobHandler = (job: JobContext) => Promise<RunSummary['result']>;

export interface NewRun {
  kind: RunSummary['kind'];
  title: string;
  subject: string;
  fingerprint: string;
  config: RunConfig;
  items?: Uint32Array;
}

export interface RunEngineOptions {
  store: RunStore;
  handlers: Record<RunSummary['kind'], JobHandler>;
  events: RunEvents;
  /** What a run's `error` says of a failure; an unforeseen one is logged in full. */
  explain?: (error: unknown) => { message: string; unforeseen: boolean };
}

/** A run that this process has queued or is working on. */
interface Entry {
  run: RunSummary;
  phase: 'queued' | 'running' | 'over';
  pausing: boolean;
  readonly controller: AbortController;
  finished: Promise<void>;
}

const PUBLISH_MS = 150;
const PERSIST_MS = 2_000;
const LEFT_BEHIND: readonly RunState[] = ['queued', 'running'];
const UNFINISHED: readonly RunState[] = ['queued', 'running', 'paused'];

/**
 * Owns which run is executing, its state, progress and cancellation. Does not own what a run does: handlers are given.
 * Runs that write traces or judgements go one after another; exports go beside them.
 */
export class RunEngine {
  private readonly store: RunStore;
  private readonly handlers: RunEngineOptions['handlers'];
  private readonly events: RunEvents;
  private readonly explain: NonNullable<RunEngineOptions['explain']>;
  private readonly entries = new Map<number, Entry>();
  private lane: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(options: RunEngineOptions) {
    this.store = options.store;
    this.handlers = options.handlers;
    this.events = options.events;
    this.explain =
      options.explain ?? ((e) => ({ message: e instanceof Error ? e.message : String(e), unforeseen: true }));
  }

  /**
   * Makes a run, freezes its items, and queues it. A verify run with the same fingerprint (judge, version, items) that
   * is not over is that run: it is returned, and goes on if it was paused.
   */
  async start(run: NewRun): Promise<RunSummary> {
    const { items, ...rest } = run;
    if (run.kind === 'verify') {
      const same = (await this.store.list(UNFINISHED)).find((r) => r.fingerprint === run.fingerprint);
      if (same) return same.state === 'paused' ? this.resume(same.id as RunId) : this.need(same.id as RunId);
    }
    const id = await this.store.create(rest);
    if (items) {
      await this.store.freeze(id, items);
      await this.store.update(id, { total: items.length });
    }
    return this.enqueue(await this.need(id));
  }

  async list(): Promise<RunSummary[]> {
    return (await this.store.list()).map((r) => this.entries.get(r.id)?.run ?? r);
  }

  /** A run with the config that it was made from. */
  async get(id: RunId): Promise<(RunSummary & { config: RunConfig }) | null> {
    const stored = await this.store.get(id);
    return stored && { ...stored, ...this.entries.get(id)?.run };
  }

  /** Stops a queued, running or paused run; results so far are kept. Resolves when it has stopped. */
  async cancel(id: RunId): Promise<RunSummary> {
    const entry = this.entries.get(id);
    if (entry?.phase === 'running') {
      entry.controller.abort(new Stopped('cancel'));
      await entry.finished;
      return this.need(id);
    }
    return this.withdraw(id, 'cancel', Date.now());
  }

  /** Holds a queued run, or lets a running one finish what is in hand. Resolves when it stands still. */
  async pause(id: RunId): Promise<RunSummary> {
    const entry = this.entries.get(id);
    if (entry?.phase !== 'running') return this.withdraw(id, 'pause', null);
    if (entry.run.kind !== 'verify')
      throw new RunError(
        `Run ${id} is an ${entry.run.kind}, which cannot stand still. Cancel it: resumed, it loses nothing.`,
      );
    entry.pausing = true;
    await entry.finished;
    return this.need(id);
  }

  /** Queues a run again that was paused, cancelled, failed or interrupted: the items that have no result. */
  async resume(id: RunId): Promise<RunSummary> {
    const run = await this.need(id);
    const interrupted = LEFT_BEHIND.includes(run.state) && !this.entries.has(id);
    if (!interrupted && !possibleActs(run).includes('resume'))
      throw new IllegalTransition(run.state, 'resume');
    const state = interrupted ? 'queued' : transition(run.state, run.state === 'paused' ? 'resume' : 'retry');
    return this.requeue({ ...run, state, error: null, endedAt: null });
  }

  /**
   * Makes the failed items of a run items to do, and resumes it; with `trace`, the item of that trace only.
   *
   * @throws RunError when the run has no such item
   */
  async retry(id: RunId, trace?: TraceId): Promise<RunSummary> {
    const run = await this.need(id);
    const event: RunEvent = run.state === 'paused' ? 'resume' : 'retry';
    const state = transition(run.state, event);
    const reopened = await this.store.reopen(id, { state, error: null, endedAt: null }, trace);
    if (reopened === 0)
      throw new RunError(
        trace === undefined
          ? `Run ${id} has no failed items: there is nothing to retry.`
          : `Trace ${trace} did not fail in run ${id}: there is nothing to retry.`,
      );
    return this.enqueue(await this.recounted({ ...run, state, error: null, endedAt: null }));
  }

  /** After a restart: runs that a dead process left queued or running go on, counted anew. Returns how many. */
  async recover(): Promise<number> {
    const left = await this.interrupted();
    for (const run of left) await this.requeue({ ...run, state: 'queued' });
    return left.length;
  }

  /** Runs that a dead process left unfinished and that nobody works on; oldest first. */
  async interrupted(): Promise<RunSummary[]> {
    const left = await this.store.list(LEFT_BEHIND);
    return left.filter((r) => !this.entries.has(r.id)).sort((a, b) => a.id - b.id);
  }

  /** Resolves with the run when it is over or stands still. */
  async wait(id: RunId): Promise<RunSummary> {
    await this.entries.get(id)?.finished;
    return this.need(id);
  }

  /** Stops work; running runs stay `running` in the store and go on at the next start. */
  async close(): Promise<void> {
    this.closing = true;
    const entries = [...this.entries.values()];
    for (const entry of entries) entry.controller.abort(new Stopped('close'));
    await Promise.allSettled(entries.map((e) => e.finished));
  }

  /** Takes a run that is not executing to a state in which it is not queued. */
  private async withdraw(id: RunId, event: 'cancel' | 'pause', endedAt: number | null): Promise<RunSummary> {
    const stored = this.entries.has(id) ? null : await this.need(id);
    const entry = this.entries.get(id);
    // It may have begun while the run was read: then this is a stop like any other.
    if (entry?.phase === 'running') return event === 'cancel' ? this.cancel(id) : this.pause(id);
    const run = entry?.run ?? stored ?? (await this.need(id));
    const next = { ...run, state: transition(run.state, event), endedAt };
    if (entry) entry.phase = 'over';
    this.entries.delete(id);
    const counted = await this.recounted(next);
    await this.save(counted);
    this.events.publish(counted);
    return counted;
  }

  private async requeue(run: RunSummary): Promise<RunSummary> {
    const queued = await this.recounted(run);
    await this.save(queued);
    return this.enqueue(queued);
  }

  private enqueue(run: RunSummary): RunSummary {
    // Two acts that crossed must not put one run into the lane twice.
    const known = this.entries.get(run.id);
    if (known) return known.run;
    const entry: Entry = {
      run,
      phase: 'queued',
      pausing: false,
      controller: new AbortController(),
      finished: Promise.resolve(),
    };
    this.entries.set(run.id, entry);
    this.events.publish(run);
    const work = async (): Promise<void> => {
      try {
        await this.execute(entry);
      } catch (error) {
        // A run that cannot even record its end must not block those behind it.
        console.error(`run ${run.id}: its state could not be stored:`, error);
      } finally {
        entry.phase = 'over';
        if (this.entries.get(run.id) === entry) this.entries.delete(run.id);
      }
    };
    entry.finished = run.kind === 'export' ? work() : this.lane.then(work);
    if (run.kind !== 'export') this.lane = entry.finished;
    return run;
  }

  private async execute(entry: Entry): Promise<void> {
    if (this.closing || entry.phase !== 'queued') return;
    // From here on, with no await before it, cancel and pause go through the controller.
    entry.phase = 'running';
    const id = entry.run.id as RunId;
    const { signal } = entry.controller;
    const state = transition(entry.run.state, 'start');
    entry.run = { ...entry.run, state, startedAt: Date.now(), endedAt: null, error: null };
    await this.save(entry.run);
    this.events.publish(entry.run);
    const config = (await this.store.get(id))?.config ?? {};
    const progress = new RunProgress();
    let saving: Promise<unknown> = Promise.resolve();
    const publishing = atMostEvery(PUBLISH_MS, () => this.events.publish(entry.run));
    const persisting = atMostEvery(PERSIST_MS, () => {
      const { total, done, failed, skipped } = entry.run;
      saving = saving.then(() => this.store.update(id, { total, done, failed, skipped }));
      saving.catch(() => undefined);
    });
    const report: JobContext['report'] = (counts, place) => {
      entry.run = progress.next(entry.run, Date.now(), counts, place);
      publishing.soon();
      persisting.soon();
    };
    let end: { event: RunEvent; error: string | null; result: RunSummary['result'] };
    try {
      const job = { id, config, signal, report, pausing: () => entry.pausing };
      const result = await this.handlers[entry.run.kind](job);
      end = { event: await this.ending(entry), error: null, result };
    } catch (error) {
      const { result } = entry.run;
      const { message, unforeseen } = this.explain(error);
      if (unforeseen && !signal.aborted) console.error(`run ${id} failed:`, error);
      end = signal.aborted
        ? { event: 'cancel', error: null, result }
        : { event: 'fail', error: message, result };
    }
    publishing.stop();
    persisting.stop();
    await saving.catch(() => undefined);
    if (signal.aborted && (signal.reason as Stopped).why === 'close') return;
    const last = await this.recounted({
      ...entry.run,
      state: transition(entry.run.state, end.event),
      error: end.error,
      result: end.result,
      endedAt: end.event === 'pause' ? null : Date.now(),
    });
    await this.save(last);
    this.entries.delete(id);
    this.events.publish(last);
  }

  /** What a handler's return means: a pause that came when nothing was left to do paused nothing. */
  private async ending(entry: Entry): Promise<RunEvent> {
    if (entry.controller.signal.aborted) return 'cancel';
    if (!entry.pausing) return 'succeed';
    const left = await this.store.missing(entry.run.id as RunId, 1);
    return left.length > 0 ? 'pause' : 'succeed';
  }

  /** With the counts of its items and results, where it has items: what a dead process saved last may be old. */
  private async recounted(run: RunSummary): Promise<RunSummary> {
    // Items of an export have no results: it counts what it writes, and starts anew.
    const tally = run.kind === 'verify' ? await this.store.tally(run.id as RunId) : null;
    if (!tally) return run;
    const { flawed, ...counts } = tally;
    return { ...run, ...counts, result: { ...run.result, flawed } };
  }

  private async save(run: RunSummary): Promise<void> {
    const { state, total, done, failed, skipped, error, startedAt, endedAt, result } = run;
    const patch = { state, total, done, failed, skipped, error, startedAt, endedAt, result };
    await this.store.update(run.id as RunId, patch);
  }

  private async need(id: RunId): Promise<RunSummary> {
    const live = this.entries.get(id)?.run;
    if (live) return live;
    const stored = await this.store.get(id);
    if (!stored) throw new NotFoundError(`There is no run ${id}. \`flywheel runs\` lists them.`);
    const { config: _config, ...run } = stored;
    return run;
  }
}
