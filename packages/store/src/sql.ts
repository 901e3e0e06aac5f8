import { StatementType } from '@duckdb/node-api';
import type { JsonValue } from '@flywheel/domain/trace';
import { type Database, StoreError } from './database.ts';

export interface SqlResult {
  columns: { name: string; type: string }[];
  rows: JsonValue[][];
  /** There were more rows than asked for. */
  truncated: boolean;
  milliseconds: number;
}

const ONLY_SELECT =
  'Only SELECT is allowed here: the SQL tab reads and never writes. Use the interface or the command line to change data.';

/** The text from its first word on: comments (DuckDB nests them), blanks and semicolons in front are taken off. */
const withoutLead = (text: string): string => {
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s;\uFEFF\u00A0]+/, '');
    if (rest.startsWith('--')) rest = rest.replace(/^--[^\r\n]*/, '');
    else if (rest.startsWith('/*')) {
      let depth = 0;
      let end = rest.length;
      for (const mark of rest.matchAll(/\/\*|\*\//g)) {
        depth += mark[0] === '/*' ? 1 : -1;
        if (depth === 0) {
          end = mark.index + 2;
          break;
        }
      }
      rest = rest.slice(end);
    } else return rest;
  }
};

/**
 * The SQL tab: one statement that only reads, within limits. Three walls stand one behind the other: the statement
 * must be a SELECT, its transaction is read-only, and the whole database has neither files nor settings (`Database.open`).
 */
export class Sql {
  private readonly db: Database;

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
      // DuckDB turns PRAGMA into a SELECT of its own, which would show paths of this machine.
      if (/^(pragma|call)\b/i.test(withoutLead(text))) throw new StoreError(ONLY_SELECT);
      const statements = await connection.extractStatements(text);
      if (statements.count !== 1)
        throw new StoreError(
          `Write one statement; this has ${statements.count}. Run them one after another.`,
        );
      const prepared = await statements.prepare(0);
      if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN)
        throw new StoreError(ONLY_SELECT);
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const reader = await connection.streamAndReadUntil(text, limits.maxRows + 1);
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
