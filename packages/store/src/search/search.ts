import { Worker } from 'node:worker_threads';
import type { TextExpr } from '@flywheel/domain/query/ast';
import type { IndexBatch } from '../ingest.ts';
import { Bitmap } from './bitmap.ts';
import { type Leaf, removeFile } from './full-text.ts';

export type Request =
  | { kind: 'link'; problems: Int32Array<ArrayBuffer> }
  | { kind: 'add'; batch: IndexBatch }
  | { kind: 'addRationales'; rows: { ord: number; trace: number; text: string }[] }
  | { kind: 'find'; leaf: Leaf }
  | { kind: 'watermark' }
  | { kind: 'close' };

export interface Watermark {
  traces: number;
  rationales: number;
}

export interface Reply {
  id: number;
  value?: { size: number; bytes: Uint8Array<ArrayBuffer> } | Watermark;
  error?: string;
}

const CACHED_LEAVES = 64;
/** Traces that may wait for the index before an import waits too. */
const QUEUED_TRACES = 40_000;

/**
 * Full-text search. Owns the worker thread in which SQLite runs, and a cache of the newest leaves' results.
 * Term, phrase and prefix are looked up; AND, OR and NOT are done on bitmaps, so that a word of the problem and
 * a word of a step meet. Not the truth: everything here can be rebuilt from the store.
 * The worker takes requests in order, so a question sees all that was added before it.
 */
export class Search {
  /** Counts changes of the index: what was derived from an earlier one is stale. */
  version = 0;
  private readonly path: string;
  private worker: Worker;
  private next = 0;
  private readonly waiting = new Map<number, { resolve: (v: never) => void; reject: (e: Error) => void }>();
  /** Why the worker is gone, when it is: nobody would answer any more. */
  private stopped: Error | null = null;
  private readonly cache = new Map<string, Bitmap>();
  private readonly queue: { traces: number; done: Promise<void> }[] = [];

  constructor(path: string) {
    this.path = path;
    this.worker = this.start();
  }

  /** Tells which problem each trace belongs to; the array is handed over. */
  async link(problems: Int32Array<ArrayBuffer>): Promise<void> {
    await this.ask<void>({ kind: 'link', problems }, [problems.buffer]);
  }

  /**
   * Adds a batch behind those that still wait. Returns at once while few wait; {@link settled} waits for all.
   * Never throws: the store has the batch, and an index that failed says so to whoever searches.
   */
  async add(batch: IndexBatch): Promise<void> {
    const done = this.ask<void>({ kind: 'add', batch }).catch(() => undefined);
    const entry = { traces: batch.traces, done };
    this.queue.push(entry);
    void done.then(() => {
      this.queue.splice(this.queue.indexOf(entry), 1);
      this.changed();
    });
    this.changed();
    while (this.queue.reduce((sum, e) => sum + e.traces, 0) > QUEUED_TRACES) await this.queue[0]?.done;
  }

  /** The index has taken all that was added, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.queue.map((e) => e.done));
  }

  async addRationales(rows: { ord: number; trace: number; text: string }[]): Promise<void> {
    if (rows.length === 0) return;
    await this.ask<void>({ kind: 'addRationales', rows });
    this.changed();
  }

  watermark(): Promise<Watermark> {
    return this.ask({ kind: 'watermark' });
  }

  /** Rows that an expression selects, as bits over the indexed rows. */
  async match(expression: TextExpr): Promise<Bitmap> {
    switch (expression.op) {
      case 'and':
      case 'or': {
        const [first, ...rest] = await Promise.all(expression.items.map((item) => this.match(item)));
        const op = expression.op;
        return rest.reduce((a, b) => a[op](b), first as Bitmap);
      }
      case 'not':
        return (await this.match(expression.item)).not();
      default:
        return this.leaf({ op: expression.op, text: expression.text });
    }
  }

  /** Throws the index away and starts an empty one; the caller fills it again. */
  async reset(): Promise<void> {
    await this.close();
    removeFile(this.path);
    this.worker = this.start();
  }

  async close(): Promise<void> {
    // An index that failed cannot be closed in order; it is rebuilt from its watermark.
    await this.ask<void>({ kind: 'close' }).catch(() => undefined);
    await this.worker.terminate();
    this.changed();
  }

  private async leaf(leaf: Leaf): Promise<Bitmap> {
    const key = `${leaf.op}:${leaf.text}`;
    const cached = this.cache.get(key);
    if (cached) return cached;
    const { version } = this;
    const { size, bytes } = await this.ask<{ size: number; bytes: Uint8Array<ArrayBuffer> }>({
      kind: 'find',
      leaf,
    });
    const found = new Bitmap(size, bytes);
    if (version !== this.version) return found;
    this.cache.set(key, found);
    const oldest = this.cache.keys().next().value;
    if (this.cache.size > CACHED_LEAVES && oldest !== undefined) this.cache.delete(oldest);
    return found;
  }

  private changed(): void {
    this.version++;
    this.cache.clear();
  }

  private ask<T>(request: Request, hand: ArrayBuffer[] = []): Promise<T> {
    if (this.stopped) return Promise.reject(this.stopped);
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, request }, hand);
    });
  }

  private start(): Worker {
    this.stopped = null;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { path: this.path } });
    worker.on('message', ({ id, value, error }: Reply) => {
      const { resolve, reject } = this.waiting.get(id) ?? {};
      this.waiting.delete(id);
      if (error === undefined) resolve?.(value as never);
      else reject?.(new Error(`The search index failed: ${error}. Run \`flywheel doctor\` to rebuild it.`));
    });
    worker.on('error', (cause) => {
      this.stopped = new Error('The search index stopped. Run `flywheel doctor`.', { cause });
      for (const { reject } of this.waiting.values()) reject(this.stopped);
      this.waiting.clear();
    });
    return worker;
  }
}
