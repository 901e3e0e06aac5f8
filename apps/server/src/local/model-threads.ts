import type { RanOn } from '@flywheel/domain/local-run';
import type { LocalAnswer, LocalTask } from '@flywheel/domain/local-task';
import type { ModelId } from '@flywheel/domain/model';
import { startModelThread } from '@flywheel/inference/model-thread.node';
import { performTasks, type TaskModel } from '@flywheel/inference/task/perform';
import type { WorkerClient } from '@flywheel/inference/worker-client';
import type { LoadedModel } from '@flywheel/inference/worker-protocol';

/** A model on a thread of the server. */
export interface ModelThread {
  loaded: LoadedModel;
  client: WorkerClient;
}

/** Where a model's folder is. @throws when there is no such model */
export type FolderOf = (id: ModelId) => Promise<string>;

interface Seat {
  /** Resolves when the model is loaded. */
  thread: Promise<ModelThread>;
  client: WorkerClient;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** A model that nobody uses gives its memory back after so long. */
const IDLE_MS = 5 * 60_000;

/** Models on threads of the server: each is loaded once, shared by those that use it, and unloaded when it was idle for long. */
export class ModelThreads {
  private readonly folderOf: FolderOf;
  private readonly idleMs: number;
  private readonly seats = new Map<string, Seat>();
  private closed = false;

  constructor(folderOf: FolderOf, idleMs = IDLE_MS) {
    this.folderOf = folderOf;
    this.idleMs = idleMs;
  }

  /** Loads a model, or takes the one that is loaded; to be released. @throws what made loading fail */
  async acquire(id: ModelId, precision: string): Promise<ModelThread> {
    if (this.closed) throw new Error('The server stops.');
    const key = `${id} ${precision}`;
    const seat = this.seats.get(key) ?? this.seat(key, id, precision);
    clearTimeout(seat.idle);
    seat.users++;
    try {
      return await seat.thread;
    } catch (error) {
      this.drop(key, seat);
      throw error;
    }
  }

  release(id: ModelId, precision: string): void {
    const key = `${id} ${precision}`;
    const seat = this.seats.get(key);
    if (!seat) return;
    seat.users--;
    if (seat.users > 0) return;
    clearTimeout(seat.idle);
    seat.idle = setTimeout(() => this.drop(key, seat), this.idleMs);
    seat.idle.unref();
  }

  /** Ends a thread that failed; the next who acquires the model gets another. */
  fail(id: ModelId, precision: string): void {
    const key = `${id} ${precision}`;
    const seat = this.seats.get(key);
    if (seat) this.drop(key, seat);
  }

  /** Models that are loaded, or being loaded. */
  get loaded(): string[] {
    return [...this.seats.keys()];
  }

  close(): void {
    this.closed = true;
    for (const [key, seat] of this.seats) this.drop(key, seat);
  }

  private seat(key: string, id: ModelId, precision: string): Seat {
    const client = startModelThread();
    const load = async (): Promise<ModelThread> => {
      const folder = await this.folderOf(id);
      const given = { source: { folder }, backend: { name: 'node' as const }, options: { precision } };
      return { client, loaded: await client.call('load', given) };
    };
    const seat: Seat = { thread: load(), client, users: 0, idle: undefined };
    seat.thread.catch(() => undefined);
    this.seats.set(key, seat);
    return seat;
  }

  private drop(key: string, seat: Seat): void {
    clearTimeout(seat.idle);
    seat.client.end();
    if (this.seats.get(key) === seat) this.seats.delete(key);
  }
}

/** What results of a loaded model say of where they were computed. */
export const ranOnOf = ({ backend, gpu, report }: LoadedModel): RanOn => ({
  backend,
  precision: report.variant.precision,
  adapter: gpu && `${gpu.adapter.vendor} ${gpu.adapter.architecture} ${gpu.adapter.description}`.trim(),
});

/** Does tasks on a loaded model. */
export const performOn = (
  { client, loaded }: ModelThread,
  tasks: readonly LocalTask[],
  signal: AbortSignal,
): Promise<LocalAnswer[]> => {
  const model: TaskModel = { client, context: loaded.context };
  return performTasks(model, tasks, { signal });
};
