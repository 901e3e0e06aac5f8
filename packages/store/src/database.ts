import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  type JS,
} from '@duckdb/node-api';

export type Row = Record<string, JS>;
/** A column's name and type, and its values, one a row. */
export type Column = [name: string, type: DuckDBType, values: readonly DuckDBValue[]];

export const timestamp = (milliseconds: number) => new DuckDBTimestampValue(BigInt(milliseconds) * 1000n);

/** The store is in use, or its file is not ours; the message names the file and the remedy. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

const CHUNK_ROWS = 2048;
const CHECKPOINT_AT = '128MB';
const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * Owns the DuckDB file: its connections, the one writer, and the numbered migrations. Knows nothing of traces.
 * Reads run on connections of their own and never wait for the writer; each write is a transaction, one after another.
 */
export class Database {
  readonly path: string;
  readonly instance: DuckDBInstance;
  private readonly writer: DuckDBConnection;
  private readonly idle: DuckDBConnection[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  /** Counts committed writes: whatever was derived from an older version is stale. */
  version = 0;

  private constructor(path: string, instance: DuckDBInstance, writer: DuckDBConnection) {
    this.path = path;
    this.instance = instance;
    this.writer = writer;
  }

  static async open(home: string): Promise<Database> {
    mkdirSync(home, { recursive: true });
    const path = join(home, 'flywheel.duckdb');
    let instance: DuckDBInstance;
    try {
      instance = await DuckDBInstance.create(path, {
        memory_limit: '350MB',
        // Each checkpoint writes the last row group anew; at the default of 16 MB an import spends half of its time on that.
        checkpoint_threshold: CHECKPOINT_AT,
        preserve_insertion_order: 'true',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
    } catch (cause) {
      const busy = /lock/i.test(String(cause));
      const remedy = busy
        ? 'Another process holds it: stop that process, or work through its server.'
        : 'Restore it from a backup.';
      throw new StoreError(`Cannot open ${path}. ${remedy}`, { cause });
    }
    const db = new Database(path, instance, await instance.connect());
    await db.migrate();
    // From here on no SQL, ours or a user's, reaches a file, the network or a setting.
    await db.writer.run('SET enable_external_access = false; SET lock_configuration = true');
    return db;
  }

  /**
   * Rows of a read, as plain values. Parameters stand as $1, $2, ...
   * With parameters a statement is planned first and run then. Both happen in one transaction: rows that are written in
   * between would lie outside the statistics that the plan leans on, and be left out, or fail the statement.
   */
  async all(sql: string, values: DuckDBValue[] = []): Promise<Row[]> {
    return this.reading(async (c) => {
      if (values.length === 0) return (await c.runAndReadAll(sql)).getRowObjectsJS() as Row[];
      await c.run('BEGIN TRANSACTION READ ONLY');
      try {
        return (await c.runAndReadAll(sql, values)).getRowObjectsJS() as Row[];
      } finally {
        await c.run('ROLLBACK');
      }
    });
  }

  /** Runs `work` on a connection that nobody else uses meanwhile. */
  async reading<T>(work: (c: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? (await this.instance.connect());
    try {
      return await work(connection);
    } finally {
      this.idle.push(connection);
    }
  }

  /** Runs `work` as one transaction of the single writer: it happens whole, or not at all. */
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T> {
    const result = this.tail.then(async () => {
      await this.writer.run('BEGIN');
      const tx = new Writer(this.writer);
      try {
        const value = await work(tx);
        await this.writer.run('COMMIT');
        this.version++;
        return value;
      } catch (error) {
        await this.writer.run('ROLLBACK').catch(() => undefined);
        tx.rolledBack();
        throw error;
      }
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Writes everything into the one file and runs `work` before the next write may begin. */
  checkpoint(work: () => Promise<void> = async () => undefined): Promise<void> {
    const result = this.tail.then(async () => {
      await this.writer.run('CHECKPOINT');
      await work();
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.tail;
    for (const connection of this.idle) connection.closeSync();
    this.writer.closeSync();
    this.instance.closeSync();
  }

  private async migrate(): Promise<void> {
    await this.writer.run(
      'CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL)',
    );
    const reader = await this.writer.runAndReadAll('SELECT max(number) AS n FROM migration');
    const applied = Number(reader.getRowObjectsJS()[0]?.n ?? 0);
    const files = readdirSync(MIGRATIONS)
      .filter((f) => /^\d{4}-.*\.sql$/.test(f))
      .sort();
    const newest = Number(files.at(-1)?.slice(0, 4) ?? 0);
    if (applied > newest)
      throw new StoreError(
        `${this.path} was written by a newer Flywheel (schema ${applied}, this one knows ${newest}). Update Flywheel.`,
      );
    if (applied === newest) return;
    // A change of a table whose columns have functions as defaults cannot be replayed from the log (DuckDB 1.5 finds no
    // functions then): a kill would leave a file that does not open. So it goes into the file at once, past the log.
    await this.writer.run("SET checkpoint_threshold = '0KB'");
    for (const file of files) {
      const number = Number(file.slice(0, 4));
      if (number <= applied) continue;
      await this.write(async (tx) => {
        await tx.run(readFileSync(join(MIGRATIONS, file), 'utf8'));
        await tx.run('INSERT INTO migration VALUES ($1, $2)', [number, file]);
      });
    }
    await this.writer.run(`CHECKPOINT; SET checkpoint_threshold = '${CHECKPOINT_AT}'`);
  }
}

/** The open transaction of the single writer. */
export class Writer {
  private readonly connection: DuckDBConnection;
  private readonly undos: (() => void)[] = [];

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  /** What is kept in memory of this transaction's rows: `undo` is called, before the next write, if it does not happen. */
  onRollback(undo: () => void): void {
    this.undos.push(undo);
  }

  /** For {@link Database.write}: the transaction did not happen. */
  rolledBack(): void {
    for (const undo of this.undos.reverse()) undo();
  }

  /** Runs one statement, or several when there are no parameters. */
  async run(sql: string, values?: DuckDBValue[]): Promise<void> {
    await this.connection.run(sql, values);
  }

  async all(sql: string, values: DuckDBValue[] = []): Promise<Row[]> {
    // Without parameters in one step: with them a statement is taken apart, prepared, bound and run, each a task of its own.
    const reader = await this.connection.runAndReadAll(sql, values.length === 0 ? undefined : values);
    return reader.getRowObjectsJS() as Row[];
  }

  /** Appends rows column by column: the fast way in. The columns are all of the table's, in its order. */
  async append(table: string, columns: readonly Column[]): Promise<void> {
    const rows = columns[0]?.[2].length ?? 0;
    if (rows === 0) return;
    const appender = await this.connection.createAppender(table);
    const types = columns.map(([, type]) => type);
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK_ROWS, rows - from));
      chunk.setColumns(columns.map(([, , values]) => values.slice(from, from + CHUNK_ROWS)));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }
}
