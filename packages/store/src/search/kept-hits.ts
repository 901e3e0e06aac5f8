import type { DatabaseSync } from 'node:sqlite';
import { Bitmap } from './bitmap.ts';

/** From so many hits on, finding them anew takes longer than a person should wait. */
const MANY = 20_000;
/** Each takes an eighth of a byte a row. */
const KEPT = 256;

/**
 * Rows that hold an expression, by table. Rows are only ever added to the index, so what was found once holds for good, and only
 * rows that came since are looked at; where many were found, the bits are kept, also over a restart.
 */
export class KeptHits {
  private readonly db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.db = db;
    // Derived from the tables beside it, so that an older file of the same version may lack it.
    db.exec(
      'CREATE TABLE IF NOT EXISTS kept (place TEXT, match TEXT, size INTEGER, bits BLOB, PRIMARY KEY (place, match))',
    );
  }

  /**
   * @param size rows at or past it are not in the index yet
   * @param match an FTS5 expression
   */
  find(table: 'trace_text' | 'problem_text', match: string, size: number): Bitmap {
    const known = this.db
      .prepare('SELECT size, bits FROM kept WHERE place = ? AND match = ?')
      .get(table, match);
    const from = Number(known?.size ?? 0);
    const hits = new Bitmap(size);
    if (known) hits.bytes.set(known.bits as Uint8Array);
    const rows = this.rowsFrom(table, match, from);
    for (const row of rows) hits.add(row);
    if (known ? rows.length > MANY / 4 : rows.length >= MANY) this.keep(table, match, hits);
    return hits;
  }

  /** Row numbers as one JSON text: far cheaper than an object a row where half a million match. */
  private rowsFrom(table: string, match: string, from: number): number[] {
    const row = this.db
      .prepare(`SELECT json_group_array(rowid) AS ids FROM ${table} WHERE ${table} MATCH ? AND rowid >= ?`)
      .get(match, from);
    return JSON.parse(row?.ids as string);
  }

  private keep(table: string, match: string, hits: Bitmap): void {
    this.db
      .prepare('INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)')
      .run(table, match, hits.size, hits.bytes);
    this.db
      .prepare(
        'DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY rowid DESC LIMIT -1 OFFSET ?)',
      )
      .run(KEPT);
  }
}
