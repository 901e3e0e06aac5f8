import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import { Lane, type Priority } from './lane.ts';
import { Stopped } from './run-error.ts';
import { type Entry, type ExecutionPorts, executeRun } from './run-execution.ts';

/**
 * Runs that this process has queued or works on: in which order they begin, when each has ended, how they are stopped. Does not
 * own what a person may do with a run.
 */
export class RunQueue {
  private readonly ports: ExecutionPorts;
  /** Called when a run has succeeded to which items came while it worked. */
  private readonly takeUpMore: (run: RunSummary) => Promise<void>;
  private readonly entries = new Map<number, Entry>();
  private readonly lane = new Lane();
  /** Runs whose newest state could not be stored (a full disk): it is told from here. */
  private readonly unsaved = new Map<number, RunSummary>();
  private closing = false;

  constructor(ports: ExecutionPorts, takeUpMore: (run: RunSummary) => Promise<void>) {
    this.ports = ports;
    this.takeUpMore = takeUpMore;
  }

  entry(id: number): Entry | undefined {
    return this.entries.get(id);
  }

  /** What is known here of a run, and newer than what the store says. */
  newest(id: number): RunSummary | undefined {
    return this.entries.get(id)?.run ?? this.unsaved.get(id);
  }

  /** Queues a run and tells so; one that is queued or works already is left as it is. */
  add(run: RunSummary, config: RunConfig, retrying: boolean): RunSummary {
    // Two acts that crossed must not queue one run twice.
    const known = this.entries.get(run.id);
    if (known && known.phase !== 'over') return known.run;
    const entry: Entry = {
      run,
      phase: 'queued',
      controller: new AbortController(),
      holding: new AbortController(),
      retrying,
      more: false,
      config,
      finished: Promise.resolve(),
    };
    this.entries.set(run.id, entry);
    this.unsaved.delete(run.id);
    this.ports.events.publish(run);
    const work = (): Promise<void> => this.work(entry);
    entry.finished =
      this.ports.handlers[run.kind]?.manner === 'beside'
        ? work()
        : this.lane.add(config.priority as Priority, work);
    return run;
  }

  /** Takes a run out that has not begun: it never will. */
  remove(id: number): void {
    const entry = this.entries.get(id);
    if (entry) entry.phase = 'over';
    this.entries.delete(id);
  }

  /** The store has a run's newest state. */
  saved(id: number): void {
    this.unsaved.delete(id);
  }

  /** Stops the work of a run that has begun. Resolves when it has stopped. */
  async stop(entry: Entry, why: 'cancel' | 'close'): Promise<void> {
    const reason = new Stopped(why);
    entry.holding.abort(reason);
    entry.controller.abort(reason);
    await entry.finished;
  }

  /** Resolves when a run is neither queued nor worked on. */
  async ended(id: RunId): Promise<void> {
    let awaited: Entry | undefined;
    // Items that came in at its very end make another stretch of the same run.
    for (let entry = this.entries.get(id); entry && entry !== awaited; entry = this.entries.get(id)) {
      awaited = entry;
      await entry.finished;
    }
  }

  /** Stops all; nothing begins any more. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled([...this.entries.values()].map((entry) => this.stop(entry, 'close')));
  }

  private async work(entry: Entry): Promise<void> {
    if (this.closing || entry.phase !== 'queued') return;
    const stored = await executeRun(entry, this.ports);
    const { run } = entry;
    if (!stored) this.unsaved.set(run.id, run);
    // First, so that at no moment it seems over while there is more to do.
    if (entry.more && run.state === 'succeeded') await this.takeUpMore(run);
    if (this.entries.get(run.id) === entry) this.entries.delete(run.id);
  }
}
