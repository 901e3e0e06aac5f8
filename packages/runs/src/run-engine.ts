import type { RunId } from '@flywheel/domain/ids';
import { isOver, type RunEvent, type RunSummary, transition } from '@flywheel/domain/run';
import { ProgressMeter } from './progress-meter.ts';
import type { RunEvents } from './run-events.ts';
import { INTERRUPTED, type RunConfig, type RunStore } from './run-store.ts';

export type Counts = Partial<Pick<RunSummary, 'total' | 'done' | 'failed' | 'skipped'>>;

export interface JobContext {
  id: RunId;
  config: RunConfig;
  /** Aborted by cancel and by shutdown: stop within a second. */
  signal: AbortSignal;
  /** Counts so far; `position` drives rate and ETA where it is not `done` (bytes of a file). */
  report(counts: Counts, position?: { done: number; total: number | null; unit: string }): void;
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

const PUBLISH_MS = 150;
const PERSIST_MS = 2_000;

/**
 * Owns which run is executing, its state, progress and cancellation. Does not own what a run does: handlers are given.
 * Runs that write traces or judgements go one after another; exports go beside them.
 */
export class RunEngine {
  private readonly store: RunStore;
  private readonly handlers: Record<RunSummary['kind'], JobHandler>;
  private readonly events: RunEvents;
  private readonly active = new Map<number, AbortController>();
  private readonly live = new Map<number, RunSummary>();
  private readonly finished = new Map<number, Promise<void>>();
  private lane: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(store: RunStore, handlers: Record<RunSummary['kind'], JobHandler>, events: RunEvents) {
    this.store = store;
    this.handlers = handlers;
    this.events = events;
  }

  /** Makes a run, freezes its items, and queues it. */
  async start(run: NewRun): Promise<RunSummary> {
    const { items, ...rest } = run;
    const id = await this.store.create(rest);
    if (items) {
      await this.store.freeze(id, items);
      await this.store.update(id, { total: items.length });
    }
    return this.enqueue(await this.need(id));
  }

  async list(): Promise<RunSummary[]> {
    return (await this.store.list()).map((r) => this.live.get(r.id) ?? r);
  }

  async get(id: RunId): Promise<RunSummary | null> {
    return this.live.get(id) ?? (await this.store.get(id));
  }

  /** Stops a queued or running run; results so far are kept. Resolves when it has stopped. */
  async cancel(id: RunId): Promise<RunSummary> {
    const run = await this.need(id);
    const state = transition(run.state, 'cancel');
    this.active.get(id)?.abort(new DOMException('cancelled', 'AbortError'));
    if (this.active.has(id)) await this.finished.get(id);
    else await this.change({ ...run, state, endedAt: Date.now() });
    return this.need(id);
  }

  /** Queues a run again that was cancelled, failed or interrupted: the items that have no result. */
  async resume(id: RunId): Promise<RunSummary> {
    const run = await this.need(id);
    const event: RunEvent = run.state === 'paused' ? 'resume' : 'retry';
    const queued = { ...run, state: transition(run.state, event), error: null, endedAt: null };
    await this.change(queued);
    return this.enqueue(queued);
  }

  /** After a restart: runs that a dead process left queued or running go on. Returns how many. */
  async recover(): Promise<number> {
    const left = (await this.store.list())
      .filter((r) => INTERRUPTED.has(r.state))
      .sort((a, b) => a.id - b.id);
    for (const run of left) {
      const queued: RunSummary = { ...run, state: 'queued' };
      await this.change(queued);
      this.enqueue(queued);
    }
    return left.length;
  }

  /** Resolves with the run when it is over. */
  async wait(id: RunId): Promise<RunSummary> {
    await this.finished.get(id);
    return this.need(id);
  }

  /** Stops work; running runs stay `running` in the store and go on at the next start. */
  async close(): Promise<void> {
    this.closing = true;
    for (const controller of this.active.values())
      controller.abort(new DOMException('closing', 'AbortError'));
    await Promise.allSettled(this.finished.values());
  }

  private enqueue(run: RunSummary): RunSummary {
    const id = run.id as RunId;
    this.live.set(id, run);
    this.events.publish(run);
    const work = () => this.execute(id);
    // A run that cannot even record its end must not block those behind it.
    const done = (run.kind === 'export' ? work() : this.lane.then(work)).catch((error: unknown) =>
      console.error(`run ${id}: its state could not be stored:`, error),
    );
    if (run.kind !== 'export') this.lane = done;
    this.finished.set(id, done);
    return run;
  }

  private async execute(id: RunId): Promise<void> {
    const stored = await this.store.get(id);
    if (this.closing || stored?.state !== 'queued') return;
    const { config, ...summary } = stored;
    const controller = new AbortController();
    this.active.set(id, controller);
    let run: RunSummary = {
      ...summary,
      state: transition(summary.state, 'start'),
      startedAt: Date.now(),
      endedAt: null,
      error: null,
    };
    await this.change(run);
    let meter: ProgressMeter | null = null;
    let published = 0;
    let persisted = Date.now();
    let pending: Promise<unknown> = Promise.resolve();
    const report: JobContext['report'] = (counts, position) => {
      const now = Date.now();
      const counted = { ...run, ...counts };
      const at = position ?? {
        done: counted.done + counted.failed + counted.skipped,
        total: counted.total,
        unit: 'traces',
      };
      meter ??= new ProgressMeter(at.unit, run.startedAt ?? now, position ? 0 : at.done);
      run = { ...counted, progress: meter.at(now, at.done, at.total) };
      this.live.set(id, run);
      if (now - published >= PUBLISH_MS) {
        published = now;
        this.events.publish(run);
      }
      if (now - persisted >= PERSIST_MS) {
        persisted = now;
        const { total, done, failed, skipped } = run;
        pending = pending.then(() => this.store.update(id, { total, done, failed, skipped }));
      }
    };
    let end: { event: RunEvent; error: string | null; result: RunSummary['result'] };
    try {
      const result = await this.handlers[run.kind]({ id, config, signal: controller.signal, report });
      end = controller.signal.aborted
        ? { event: 'cancel', error: null, result }
        : { event: 'succeed', error: null, result };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!controller.signal.aborted) console.error(`run ${id} failed:`, error);
      end = controller.signal.aborted
        ? { event: 'cancel', error: null, result: run.result }
        : { event: 'fail', error: message, result: run.result };
    }
    await pending.catch(() => undefined);
    this.active.delete(id);
    if (this.closing && controller.signal.aborted) return;
    await this.change({
      ...run,
      state: transition(run.state, end.event),
      error: end.error,
      result: end.result,
      endedAt: Date.now(),
    });
    this.live.delete(id);
  }

  private async change(run: RunSummary): Promise<void> {
    const { state, total, done, failed, skipped, error, startedAt, endedAt, result } = run;
    await this.store.update(run.id as RunId, {
      state,
      total,
      done,
      failed,
      skipped,
      error,
      startedAt,
      endedAt,
      result,
    });
    if (isOver(state)) this.live.delete(run.id);
    else this.live.set(run.id, run);
    this.events.publish(run);
  }

  private async need(id: RunId): Promise<RunSummary> {
    const live = this.live.get(id);
    if (live) return live;
    const stored = await this.store.get(id);
    if (!stored) throw new NotFoundError(`There is no run ${id}.`);
    const { config: _config, ...run } = stored;
    return run;
  }
}

export class NotFoundError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFoundError';
  }
}
