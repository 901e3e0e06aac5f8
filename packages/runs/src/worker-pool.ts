import { Worker } from 'node:worker_threads';

/** A worker died, or was stopped because it took too long, before it had answered. */
export class WorkerLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerLost';
  }
}

export interface CallOptions {
  /** Aborted: the call is rejected at once, and the worker that has it is stopped. */
  signal?: AbortSignal;
  /** How long a worker may take from when it gets the message, in milliseconds. */
  limitMs?: number;
}

interface Call {
  message: unknown;
  limitMs: number | undefined;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

interface Seat {
  worker: Worker;
  call: Call | null;
  timer: NodeJS.Timeout | undefined;
}

/** A runaway judge ends its own thread, not the server. */
const HEAP_MB = 512;

/**
 * Up to `size` worker threads, started when there is work, each given one message at a time; the worker answers
 * `{ ok: true, value }` or `{ ok: false, error }`. A worker that dies fails its call only; the next call starts another.
 */
export class WorkerPool {
  private readonly module: URL;
  private readonly limit: number;
  private readonly workerData: unknown;
  private readonly seats = new Set<Seat>();
  private readonly queue: Call[] = [];
  private closed = false;

  /** Each worker gets `workerData` when it starts. */
  constructor(module: URL, size: number, workerData: unknown = null) {
    this.module = module;
    this.limit = size;
    this.workerData = workerData;
  }

  /** @throws WorkerLost when the worker dies or takes longer than `limitMs`; `signal.reason` when aborted */
  call<T>(message: unknown, { signal, limitMs }: CallOptions = {}): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The worker pool is closed.'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const call: Call = { message, limitMs, resolve: (v) => resolve(v as T), reject };
      const stop = (): void => this.drop(call, signal?.reason);
      const settled =
        <A>(act: (a: A) => void) =>
        (a: A): void => {
          signal?.removeEventListener('abort', stop);
          act(a);
        };
      call.resolve = settled(call.resolve);
      call.reject = settled(call.reject);
      signal?.addEventListener('abort', stop);
      this.queue.push(call);
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const error = new Error('The worker pool was closed.');
    for (const call of this.queue.splice(0)) call.reject(error);
    await Promise.all([...this.seats].map((seat) => this.empty(seat, error)));
  }

  private drop(call: Call, reason: unknown): void {
    const waiting = this.queue.indexOf(call);
    if (waiting >= 0) this.queue.splice(waiting, 1);
    const seat = [...this.seats].find((s) => s.call === call);
    if (seat) void this.empty(seat, reason);
    else call.reject(reason);
  }

  /** Fails what the seat's worker has in hand, and stops the worker. */
  private async empty(seat: Seat, reason: unknown): Promise<void> {
    this.seats.delete(seat);
    this.take(seat)?.reject(reason);
    await seat.worker.terminate();
    this.pump();
  }

  private take(seat: Seat): Call | null {
    const { call } = seat;
    clearTimeout(seat.timer);
    seat.call = null;
    return call;
  }

  private seat(): Seat {
    const worker = new Worker(this.module, {
      workerData: this.workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const seat: Seat = { worker, call: null, timer: undefined };
    this.seats.add(seat);
    worker.on('message', (m: { ok: true; value: unknown } | { ok: false; error: string }) => {
      const call = this.take(seat);
      if (m.ok) call?.resolve(m.value);
      else call?.reject(new Error(m.error));
      this.pump();
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      console.error('a worker thread failed:', error);
      void this.empty(seat, new WorkerLost(`The worker thread stopped (${error.code ?? error.name}).`));
    });
    worker.on('exit', () => void this.empty(seat, new WorkerLost('The worker thread ended early.')));
    return seat;
  }

  private pump(): void {
    while (this.queue.length > 0 && !this.closed) {
      const seat =
        [...this.seats].find((s) => !s.call) ?? (this.seats.size < this.limit ? this.seat() : null);
      if (!seat) return;
      const call = this.queue.shift() as Call;
      seat.call = call;
      if (call.limitMs !== undefined) {
        const { limitMs } = call;
        const late = new WorkerLost(`It took longer than ${limitMs / 1000} s and was stopped.`);
        seat.timer = setTimeout(() => void this.empty(seat, late), limitMs);
      }
      seat.worker.postMessage(call.message);
    }
  }
}
