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
import { type Entry, type ExecutionPorts, executeRun } from './run-execution.ts';
import { recounted, saveRun } from './run-record.ts';
import type { RunConfig, RunStore } from './run-store.ts';

export type { JobContext } from './run-execution.ts';

export interface NewRun {
  kind: RunSummary['kind'];
  title: string;
  subject: string;
  fingerprint: string;
  config: RunConfig;
  items?: Uint32Array;
}

const LEFT_BEHIND: readonly RunState[] = ['queued', 'running'];
const UNFINISHED: readonly RunState[] = ['queued', 'running', 'paused'];

/**
 * Owns which run is executing, its state, progress and cancellation. Does not own what a run does: handlers are given.
 * Runs that write traces or judgements go one after another; exports go beside them.
 */
export class RunEngine {
  private readonly options: ExecutionPorts;
  private readonly store: RunStore;
  private readonly events: RunEvents;
  private readonly entries = new Map<number, Entry>();
  private lane: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(options: ExecutionPorts) {
    this.options = options;
    this.store = options.store;
    this.events = options.events;
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
    return this.enqueue(await recounted(this.store, { ...run, state, error: null, endedAt: null }));
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
    const counted = await recounted(this.store, next);
    await saveRun(this.store, counted);
    this.events.publish(counted);
    return counted;
  }

  private async requeue(run: RunSummary): Promise<RunSummary> {
    const queued = await recounted(this.store, run);
    await saveRun(this.store, queued);
    return this.enqueue(queued);
  }

  private enqueue(run: RunSummary): RunSummary {
    // Two acts that crossed must not put one run into the lane twice.
    const known = this.entries.get(run.id);
    if (known && known.phase !== 'over') return known.run;
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
        if (!this.closing && entry.phase === 'queued') await executeRun(entry, this.options);
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

  private async need(id: RunId): Promise<RunSummary> {
    const live = this.entries.get(id)?.run;
    if (live) return live;
    const stored = await this.store.get(id);
    if (!stored) throw new NotFoundError(`There is no run ${id}. \`flywheel runs\` lists them.`);
    const { config: _config, ...run } = stored;
    return run;
  }
}
