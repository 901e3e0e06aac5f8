import { backup, type DatabaseSync, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import {
  type CachedAnswer,
  connect,
  explainAnswers,
  fromColumns,
  isDamage,
  keyBytes,
  moveAside,
} from './answers/answer-file.ts';

export type { CachedAnswer } from './answers/answer-file.ts';

/** Puts are written together after so many milliseconds, or when there are so many. */
const GATHER_MS = 25;
const GATHER = 256;
/** After a failure, before it is tried again unasked. */
const AGAIN_MS = 1_000;
/** Pages of a file of any size. */
const WHOLE = 0x7fff_ffff;

/**
 * The answers of models, whole, by the hash of what was asked: what was paid for once is not asked again. Reads are on
 * the caller's thread and see every put; writes go to a thread of their own.
 *
 * A put is safe once a {@link flush} that was called after it has resolved. Whoever records what an answer came to waits
 * for that first: else a kill could leave a result whose answer is gone.
 */
export class Answers {
  private readonly path: string;
  private db: DatabaseSync;
  private select: StatementSync;
  private exists: StatementSync;
  private worker: Worker | null = null;
  /** Puts that are not on disk yet. */
  private readonly waiting = new Map<string, CachedAnswer>();
  private puts = 0;
  private written = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private failing = false;
  /** Where a file that could not be read was moved to when this was opened; null: it was sound. */
  movedTo: string | null = null;

  /** Opens or makes the file; one that cannot be read is moved aside, and said so on the console. */
  constructor(path: string) {
    this.path = path;
    try {
      this.db = connect(path);
    } catch (error) {
      if (!isDamage(error)) throw explainAnswers(path, error);
      this.movedTo = moveAside(path);
      console.warn(
        `${path} could not be read and was moved to ${this.movedTo}. What it held is asked for again; to mend it, put a copy from a backup in its place.`,
      );
      this.db = connect(path);
    }
    [this.select, this.exists] = this.prepare();
  }

  /** The answer of a key (64 hex digits), or undefined. Throws {@link StoreError} when the file is damaged. */
  get(key: string): CachedAnswer | undefined {
    const waiting = this.waiting.get(key);
    if (waiting) return waiting;
    const row = this.reading(() => this.select.get(keyBytes(key)));
    return row && fromColumns(row);
  }

  /** How many of these keys have an answer. */
  has(keys: Iterable<string>): number {
    let n = 0;
    for (const key of keys)
      if (this.waiting.has(key) || this.reading(() => this.exists.get(keyBytes(key)))) n++;
    return n;
  }

  /** Keeps an answer, in place of an earlier one of that key. It is on disk after a {@link flush}. */
  put(key: string, answer: CachedAnswer): void {
    this.waiting.set(key, answer);
    this.puts++;
    if (this.waiting.size >= GATHER && !this.failing) void this.write().catch(() => undefined);
    else this.writeSoon();
  }

  /**
   * Resolves when every put so far is on disk. Rejects with {@link StoreError} when it could not be written (a full disk):
   * nothing is lost from memory then, and the next flush tries again.
   */
  async flush(): Promise<void> {
    const wanted = this.puts;
    while (this.written < wanted) await this.write();
  }

  /** Starts the thread that writes, so that the first answers do not wait for it, unsafe. */
  warm(): void {
    this.writer();
  }

  /** Copies everything that was flushed into a new file, while reads and writes go on. */
  async copyTo(path: string): Promise<void> {
    await this.flush();
    // In one step, or each write would make it begin again; with a connection of its own, or reads would wait for it.
    const source = connect(this.path);
    try {
      await backup(source, path, { rate: WHOLE });
    } finally {
      source.close();
    }
  }

  /** Reads the whole file. One that is damaged is moved aside, and an empty one takes its place. */
  async check(): Promise<{ sound: boolean; answers: number; movedTo: string | null }> {
    try {
      const verdict = this.db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
      const row = this.db.prepare('SELECT count(*) AS n FROM answer').get();
      if (verdict === 'ok') return { sound: true, answers: Number(row?.n), movedTo: this.movedTo };
    } catch (error) {
      if (!isDamage(error)) throw explainAnswers(this.path, error);
    }
    await this.writing?.catch(() => undefined);
    // In the writes' place, so that none begins meanwhile.
    this.writing = this.renew().finally(() => {
      this.writing = null;
    });
    await this.writing;
    return { sound: false, answers: 0, movedTo: this.movedTo };
  }

  /** Writes what is left, and lets go of the file. Rejects when that could not be written; it is closed all the same. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      if (this.timer) clearTimeout(this.timer);
      await this.writing?.catch(() => undefined);
      await this.stopWorker();
      this.db.close();
    }
  }

  private prepare(): [StatementSync, StatementSync] {
    return [
      this.db.prepare('SELECT * FROM answer WHERE key = ?'),
      this.db.prepare('SELECT 1 FROM answer WHERE key = ?'),
    ];
  }

  private reading<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainAnswers(this.path, error);
    }
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null;
        this.write().catch(() => undefined);
      },
      this.failing ? AGAIN_MS : GATHER_MS,
    );
  }

  private write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      if (this.waiting.size > 0) this.writeSoon();
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    const upTo = this.puts;
    const entries = [...this.waiting];
    const failure = entries.length === 0 ? null : await this.send(entries);
    this.failing = failure !== null;
    if (failure !== null) throw explainAnswers(this.path, failure);
    this.written = upTo;
    // One that was put again meanwhile stays.
    for (const [key, answer] of entries) if (this.waiting.get(key) === answer) this.waiting.delete(key);
  }

  private writer(): Worker {
    this.worker ??= new Worker(new URL('./answers/worker.ts', import.meta.url), {
      workerData: { path: this.path },
    });
    return this.worker;
  }

  /** @returns null when it is written, else why not */
  private send(entries: [string, CachedAnswer][]): Promise<unknown> {
    const worker = this.writer();
    return new Promise((resolve) => {
      const failed = (error: unknown): void => {
        this.worker = null;
        resolve(error);
      };
      worker.once('error', failed);
      worker.once('message', (failure) => {
        worker.off('error', failed);
        resolve(failure);
      });
      worker.postMessage(entries);
    });
  }

  private async renew(): Promise<void> {
    await this.stopWorker();
    this.db.close();
    this.movedTo = moveAside(this.path);
    this.db = connect(this.path);
    [this.select, this.exists] = this.prepare();
  }

  private async stopWorker(): Promise<void> {
    const worker = this.worker;
    this.worker = null;
    if (!worker) return;
    await new Promise((resolve) => {
      worker.once('exit', resolve);
      worker.postMessage('close');
    });
  }
}
