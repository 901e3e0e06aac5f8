import type { FromWorker, ToWorker, WorkerCall, WorkerCalls } from './worker-protocol.ts';

/** Something that went wrong in the worker, with the name and message that it had there. */
export class WorkerFailure extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Waiting {
  told: (told: never) => void;
  done: (back: never) => void;
  failed: (error: Error) => void;
}

export interface CallOptions<C extends WorkerCall> {
  onTold?: ((told: WorkerCalls[C]['told']) => void) | undefined;
  /** Stops the call between two runs of a graph; it then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Memory that is handed over and not copied. */
  transfer?: readonly Transferable[] | undefined;
}

/** A worker of a browser, or what stands for a thread of this machine. */
export interface ModelWorker {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', heard: (event: { data: FromWorker }) => void): void;
  addEventListener(type: 'error' | 'messageerror', heard: (event: { message?: string }) => void): void;
  terminate(): void;
}

/** Calls to a model in a worker. When the worker breaks, every call that waits fails, and so does each one after it. */
export class WorkerClient {
  private readonly worker: ModelWorker;
  private readonly waiting = new Map<number, Waiting>();
  private broken: Error | null = null;
  private readonly ends: ((why: Error) => void)[] = [];
  private last = 0;

  constructor(worker: ModelWorker) {
    this.worker = worker;
    worker.addEventListener('message', ({ data }) => this.hear(data));
    worker.addEventListener('error', (event) =>
      this.fail(new WorkerFailure('WorkerBroken', `The worker of the model broke: ${event.message}`)),
    );
    worker.addEventListener('messageerror', () =>
      this.fail(new WorkerFailure('WorkerBroken', 'The worker of the model sent what cannot be read.')),
    );
  }

  /** @throws WorkerFailure, or the signal's reason */
  call<C extends WorkerCall>(
    call: C,
    given: WorkerCalls[C]['given'],
    { onTold, signal, transfer = [] }: CallOptions<C> = {},
  ): Promise<WorkerCalls[C]['back']> {
    if (this.broken) return Promise.reject(this.broken);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.last;
    const stop = (): void => this.worker.postMessage({ id, call: 'stop' }, []);
    signal?.addEventListener('abort', stop);
    return new Promise<WorkerCalls[C]['back']>((resolve, reject) => {
      this.waiting.set(id, {
        told: (told) => onTold?.(told),
        done: resolve,
        failed: (error) => reject(signal?.aborted ? signal.reason : error),
      });
      this.worker.postMessage({ id, call, given } as ToWorker, [...transfer]);
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Calls that wait for an answer. */
  get inFlight(): number {
    return this.waiting.size;
  }

  /** Has `heard` called once when the worker breaks or is ended. */
  onEnd(heard: (why: Error) => void): void {
    if (this.broken) heard(this.broken);
    else this.ends.push(heard);
  }

  /** Ends the worker and gives its memory back, whatever it is doing. Calls that wait fail. */
  end(): void {
    this.worker.terminate();
    this.fail(new WorkerFailure('WorkerEnded', 'The model was unloaded.'));
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'broken') {
      this.worker.terminate();
      this.fail(new WorkerFailure('WorkerBroken', message.message));
      return;
    }
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if (message.kind === 'told') return waiting.told(message.told as never);
    this.waiting.delete(message.id);
    if (message.kind === 'done') waiting.done(message.back as never);
    else waiting.failed(new WorkerFailure(message.name, message.message));
  }

  private fail(error: Error): void {
    const first = this.broken === null;
    this.broken ??= error;
    for (const { failed } of this.waiting.values()) failed(error);
    this.waiting.clear();
    if (first) for (const heard of this.ends) heard(error);
  }
}
