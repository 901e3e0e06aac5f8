import { Tuning } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import {
  IllegalTransition,
  isOver,
  possibleActs,
  type RunEvent,
  type RunState,
  type RunSummary,
  transition,
} from '@flywheel/domain/run';
import type { FailedOnly, RunConfig } from '@flywheel/domain/run-record';
import { NotFoundError, RunError, Stopped } from './run-error.ts';
import type { RunEvents } from './run-events.ts';
import { type ExecutionPorts, plainly } from './run-execution.ts';
import { RunQueue } from './run-queue.ts';
import { recounted, saveRun } from './run-record.ts';
import type { RunStore } from './run-store.ts';

export interface NewRun {
  kind: RunSummary['kind'];
  title: string;
  subject: string;
  fingerprint: string;
  config: RunConfig;
  items?: Uint32Array;
  /** How often each item is done; 1 where absent. */
  repetitions?: number;
}

const LEFT_BEHIND: readonly RunState[] = ['queued', 'running'];
const UNFINISHED: readonly RunState[] = ['queued', 'running', 'paused'];

/**
 * What may be done with runs: start, stop, resume, retry, add, tune. Does not own what a run does: handlers are given, and say
 * whether a kind goes alone, one after another, or beside the others; nor when it does it ({@link RunQueue}).
 */
export class RunEngine {
  private readonly options: ExecutionPorts;
  private readonly store: RunStore;
  private readonly events: RunEvents;
  private readonly queue: RunQueue;

  constructor(options: ExecutionPorts) {
    this.options = options;
    this.store = options.store;
    this.events = options.events;
    this.queue = new RunQueue(options, (run) => this.takeUpMore(run));
  }

  /**
   * Makes a run, freezes its items, and queues it. A pausable run with the same fingerprint (what is asked, of which
   * items) that is not over is that run: it is returned, and goes on if it was paused.
   */
  async start(run: NewRun): Promise<RunSummary> {
    const { items, repetitions = 1, ...rest } = run;
    if (this.pausable(run.kind)) {
      const same = (await this.store.list(UNFINISHED)).find((r) => r.fingerprint === run.fingerprint);
      if (same) return same.state === 'paused' ? this.resume(same.id as RunId) : this.need(same.id as RunId);
    }
    const id = await this.store.create(rest);
    if (items) {
      await this.store.freeze(id, items, repetitions);
      await this.store.update(id, { total: items.length * repetitions });
    }
    return this.queue.add(await this.need(id), run.config, false);
  }

  async list(): Promise<RunSummary[]> {
    return (await this.store.list()).map((r) => this.queue.newest(r.id) ?? r);
  }

  /** A run with the config that it was made from. */
  async get(id: RunId): Promise<(RunSummary & { config: RunConfig }) | null> {
    const stored = await this.store.get(id);
    return stored && { ...stored, ...this.queue.newest(id) };
  }

  /** Stops a queued, running or paused run; results so far are kept. Resolves when it has stopped. */
  async cancel(id: RunId): Promise<RunSummary> {
    const entry = this.queue.entry(id);
    if (entry?.phase !== 'running') return this.withdraw(id, 'cancel', Date.now());
    await this.queue.stop(entry, 'cancel');
    return this.need(id);
  }

  /** Holds a queued run, or lets a running one finish what is in hand. Resolves when it stands still. */
  async pause(id: RunId): Promise<RunSummary> {
    const entry = this.queue.entry(id);
    if (entry?.phase !== 'running') return this.withdraw(id, 'pause', null);
    if (!this.pausable(entry.run.kind))
      throw new RunError(
        `Run ${id} is an ${entry.run.kind}, which cannot stand still. Cancel it: resumed, it loses nothing.`,
      );
    entry.holding.abort(new Stopped('pause'));
    await entry.finished;
    return this.need(id);
  }

  /** Queues a run again that was paused, cancelled, failed or interrupted: the items that have no result. */
  async resume(id: RunId): Promise<RunSummary> {
    const run = await this.need(id);
    await this.needSameQuestion(id);
    const interrupted = LEFT_BEHIND.includes(run.state) && !this.queue.entry(id);
    if (!interrupted && !possibleActs(run).includes('resume'))
      throw new IllegalTransition(run.state, 'resume');
    const state = interrupted ? 'queued' : transition(run.state, run.state === 'paused' ? 'resume' : 'retry');
    return this.requeue({ ...run, state, error: null, endedAt: null });
  }

  /**
   * Makes failed items of a run (all, those of one cause, or that of one trace) items to do, and resumes it.
   *
   * @throws RunError when the run has no such item
   */
  async retry(id: RunId, only: FailedOnly = {}): Promise<RunSummary> {
    const run = await this.need(id);
    const event: RunEvent = run.state === 'paused' ? 'resume' : 'retry';
    const state = transition(run.state, event);
    await this.needSameQuestion(id);
    const reopened = await this.store.reopen(id, { state, error: null, endedAt: null }, only);
    if (reopened === 0)
      throw new RunError(
        only.trace !== undefined
          ? `Trace ${only.trace} did not fail in run ${id}: there is nothing to retry.`
          : `Run ${id} has no failed items${only.cause ? ` of cause "${only.cause}"` : ''}: there is nothing to retry.`,
      );
    const counted = await recounted(this.options, { ...run, state, error: null, endedAt: null });
    return this.queue.add(counted, await this.configOf(id), true);
  }

  /** Adds items to a run and lets it do them; `fingerprint` is that of the whole. Returns how many were new. */
  async addItems(id: RunId, items: Uint32Array, fingerprint: string): Promise<number> {
    const run = await this.need(id);
    if (!this.itemwise(run.kind)) throw new RunError(`Run ${id} is not made of items: none can be added.`);
    await this.needSameQuestion(id);
    const added = await this.store.addItems(id, items, fingerprint);
    if (added === 0) return 0;
    const entry = this.queue.entry(id);
    if (entry && entry.phase !== 'over') {
      entry.more = true;
      const counted = await recounted(this.options, entry.run);
      entry.run = { ...entry.run, total: counted.total, fingerprint };
      this.events.publish(entry.run);
      return added;
    }
    // Read again: it may have ended while the items were added.
    const now = { ...(await this.need(id)), fingerprint };
    if (isOver(now.state))
      await this.requeue({ ...now, state: transition(now.state, 'retry'), error: null, endedAt: null });
    else this.events.publish(await recounted(this.options, now));
    return added;
  }

  /**
   * Changes how a run goes: its calls at once, its priority, its budget. What is absent stays. It takes effect at once, and
   * whoever follows the events is told.
   *
   * @throws RunError when the run asks no model
   */
  async tune(id: RunId, tuning: Partial<Tuning>): Promise<RunSummary> {
    if (!(await this.need(id)).tuning)
      throw new RunError(`Run ${id} asks no model: it has no budget and no calls at once.`);
    const config = this.queue.entry(id)?.config ?? (await this.configOf(id));
    Object.assign(config, tuning);
    await this.store.update(id, { config });
    const entry = this.queue.entry(id);
    if (entry) {
      // It may have begun, with what stood in the store then, while this was stored.
      Object.assign(entry.config, tuning);
      entry.run = { ...entry.run, tuning: Tuning.parse(entry.config) };
    }
    const tuned = await this.need(id);
    this.events.publish(tuned);
    return tuned;
  }

  /** Why a run cannot go on as what it was (see {@link resume}); null where it can. */
  async obstacle(id: RunId): Promise<string | null> {
    try {
      await this.needSameQuestion(id);
      return null;
    } catch (error) {
      const told = (this.options.explain ?? plainly)(error);
      if (error instanceof RunError || !told.unforeseen) return told.message;
      throw error;
    }
  }

  /**
   * After a restart: runs that a dead process left queued or running go on, counted anew; with `wait`, those that can
   * stand still wait for a person. Returns how many there were.
   */
  async recover({ wait = false }: { wait?: boolean } = {}): Promise<number> {
    const left = await this.interrupted();
    for (const run of left) {
      if (!wait || !this.pausable(run.kind)) {
        await this.requeue({ ...run, state: 'queued' });
        continue;
      }
      const error = 'The server stopped while this run worked. Resume it to go on; nothing is done twice.';
      const held = await recounted(this.options, { ...run, state: 'paused', error });
      await saveRun(this.store, held);
      this.events.publish(held);
    }
    return left.length;
  }

  /** Runs that a dead process left unfinished and that nobody works on; oldest first. */
  async interrupted(): Promise<RunSummary[]> {
    const left = await this.store.list(LEFT_BEHIND);
    return left.filter((r) => !this.queue.entry(r.id)).sort((a, b) => a.id - b.id);
  }

  /** Resolves with the run when it is over or stands still. */
  async wait(id: RunId): Promise<RunSummary> {
    await this.queue.ended(id);
    return this.need(id);
  }

  /** Stops work; running runs stay `running` in the store and go on at the next start. */
  close(): Promise<void> {
    return this.queue.close();
  }

  /** Takes a run that is not executing to a state in which it is not queued. */
  private async withdraw(id: RunId, event: 'cancel' | 'pause', endedAt: number | null): Promise<RunSummary> {
    const stored = this.queue.entry(id) ? null : await this.need(id);
    const entry = this.queue.entry(id);
    // It may have begun while the run was read: then this is a stop like any other.
    if (entry?.phase === 'running') return event === 'cancel' ? this.cancel(id) : this.pause(id);
    const run = entry?.run ?? stored ?? (await this.need(id));
    const next = { ...run, state: transition(run.state, event), endedAt };
    this.queue.remove(id);
    const counted = await recounted(this.options, next);
    await saveRun(this.store, counted);
    this.queue.saved(id);
    this.events.publish(counted);
    return counted;
  }

  private async requeue(run: RunSummary): Promise<RunSummary> {
    const queued = await recounted(this.options, run);
    await saveRun(this.store, queued);
    return this.queue.add(queued, await this.configOf(run.id as RunId), false);
  }

  /** Items that came in at the very end of a run, after it had looked for the last time. */
  private async takeUpMore(run: RunSummary): Promise<void> {
    const left = await this.store.missing(run.id as RunId, 1);
    if (left.length > 0) await this.requeue({ ...run, state: transition(run.state, 'retry'), endedAt: null });
  }

  /** @throws RunError when resuming would ask something else than the run asked so far */
  private async needSameQuestion(id: RunId): Promise<void> {
    const stored = await this.store.get(id);
    const today = stored && (await this.options.handlers[stored.kind]?.fingerprint?.(stored));
    if (!stored || today === undefined || today === stored.fingerprint) return;
    throw new RunError(
      `Run ${id} cannot go on as it was: what it would ask has changed since (fingerprint ${stored.fingerprint}, now ${today}), and its results would be of two kinds. Fork it: a new run with today's settings takes every answer that is still valid from the cache.`,
    );
  }

  private itemwise(kind: RunSummary['kind']): boolean {
    return this.options.handlers[kind]?.itemwise ?? false;
  }

  private pausable(kind: RunSummary['kind']): boolean {
    return this.options.handlers[kind]?.pausable ?? false;
  }

  private async configOf(id: RunId): Promise<RunConfig> {
    return (await this.store.get(id))?.config ?? {};
  }

  private async need(id: RunId): Promise<RunSummary> {
    const live = this.queue.newest(id);
    if (live) return live;
    const stored = await this.store.get(id);
    if (!stored) throw new NotFoundError(`There is no run ${id}. \`flywheel run list\` lists them.`);
    const { config: _config, ...run } = stored;
    return run;
  }
}
