import { Worker } from 'node:worker_threads';

interface Call {
  message: unknown;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

interface Seat {
  worker: Worker;
  call: Call | null;
}

/**
 * A fixed number of worker threads, each given one message at a time; the worker answers
 * `{ ok: true, value }` or `{ ok: false, error }`. A worker that dies fails its call only and is replaced.
 */
export class WorkerPool {
  private readonly module: URL;
  private readonly seats: Seat[] = [];
  private readonly queue: Call[] = [];
  private closed = false;

  constructor(module: URL, size: number) {
    this.module = module;
    for (let i = 0; i < size; i++) this.seats.push(this.seat());
  }

  get size(): number {
    return this.seats.length;
  }

  call<T>(message: unknown): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The worker pool is closed.'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ message, resolve: (v) => resolve(v as T), reject });
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const error = new Error('The worker pool was closed.');
    for (const call of this.queue.splice(0)) call.reject(error);
    for (const seat of this.seats) seat.call?.reject(error);
    await Promise.all(this.seats.map((s) => s.worker.terminate()));
  }

  private seat(): Seat {
    const seat: Seat = { worker: new Worker(this.module), call: null };
    const settle = (act: (call: Call) => void) => {
      const { call } = seat;
      seat.call = null;
      if (call) act(call);
    };
    seat.worker.on('message', (m: { ok: true; value: unknown } | { ok: false; error: string }) => {
      settle((call) => (m.ok ? call.resolve(m.value) : call.reject(new Error(m.error))));
      this.pump();
    });
    seat.worker.on('error', (error) => settle((call) => call.reject(error as Error)));
    seat.worker.on('exit', () => {
      settle((call) => call.reject(new Error('A worker thread ended early.')));
      const at = this.seats.indexOf(seat);
      if (this.closed || at < 0) return;
      this.seats[at] = this.seat();
      this.pump();
    });
    return seat;
  }

  private pump(): void {
    for (const seat of this.seats) {
      if (seat.call) continue;
      const call = this.queue.shift();
      if (!call) return;
      seat.call = call;
      seat.worker.postMessage(call.message);
    }
  }
}
