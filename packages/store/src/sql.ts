import { StatementType } from '@duckdb/node-api';
import type { JsonValue } from '@flywheel/domain/trace';
import { type Database, StoreError } from './database.ts';
import { SqlGuard } from './sql-guard.ts';

export interface SqlResult {
  columns: { name: string; type: string }[];
  rows: JsonValue[][];
  /** There were more rows than asked for. */
  truncated: boolean;
  milliseconds: number;
}

/**
 * The SQL tab: one statement that only reads, within limits. Three walls stand one behind the other: what the
 * statement asks is looked up before it is run ({@link SqlGuard}), its transaction is read-only, and the whole database
 * has neither files nor settings (`Database.open`).
 */
export class Sql {
  private readonly db: Database;
  private readonly guard = new SqlGuard();

  constructor(db: Database) {
    this.db = db;
  }

  /** @throws StoreError with DuckDB's message and its place, or with the limit that was passed */
  async query(text: string, limits: { maxRows: number; timeoutMs: number }): Promise<SqlResult> {
    const began = performance.now();
    const connection = await this.db.instance.connect();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      connection.interrupt();
    }, limits.timeoutMs);
    try {
      const admitted = await this.guard.admit(connection, text);
      // Before the statement is planned: a plan leans on statistics, which must not be older than the rows that it meets.
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const prepared = await connection.prepare(admitted);
      if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN)
        throw new StoreError('Only SELECT is allowed here.');
      const reader = await prepared.streamAndReadUntil(limits.maxRows + 1);
      if (late) throw new StoreError('late');
      const rows = reader.getRowsJson() as JsonValue[][];
      const types = reader.columnTypes();
      return {
        columns: reader.columnNames().map((name, i) => ({ name, type: String(types[i]) })),
        rows: rows.slice(0, limits.maxRows),
        truncated: rows.length > limits.maxRows,
        milliseconds: performance.now() - began,
      };
    } catch (cause) {
      if (late)
        throw new StoreError(
          `The query took longer than ${limits.timeoutMs / 1000} s and was stopped. Narrow it with WHERE or LIMIT.`,
          { cause },
        );
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(cause instanceof Error ? cause.message : String(cause), { cause });
    } finally {
      clearTimeout(timer);
      connection.closeSync();
    }
  }
}
