import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { IndexBatch } from '../ingest.ts';
import { Bitmap } from './bitmap.ts';

export type Leaf = { op: 'term' | 'phrase' | 'prefix'; text: string };

/** The SQLite file of the index, used by one thread. Holds no text: FTS5 tables are contentless, rows are row numbers of the store. */
export class FullText {
  private readonly db: DatabaseSync;
  private readonly insertTrace: StatementSync;
  private readonly insertProblem: StatementSync;
  private readonly insertLink: StatementSync;
  /** trace row -> problem row; grows by doubling. */
  private problemOf = new Int32Array(1024).fill(-1);
  private size = 0;

  constructor(path: string) {
    this.db = new DatabaseSync(path);
    // Derived data: a crash costs a rebuild, so nothing waits for the disk.
    this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;
      CREATE VIRTUAL TABLE IF NOT EXISTS trace_text USING fts5(text, content='', tokenize="unicode61 remove_diacritics 2");
      CREATE VIRTUAL TABLE IF NOT EXISTS problem_text USING fts5(text, content='', tokenize="unicode61 remove_diacritics 2");
      CREATE VIRTUAL TABLE IF NOT EXISTS rationale_text USING fts5(text, content='', tokenize="unicode61 remove_diacritics 2");
      CREATE TABLE IF NOT EXISTS link (trace INTEGER PRIMARY KEY, problem INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS rationale (ord INTEGER PRIMARY KEY, trace INTEGER NOT NULL)`);
    this.insertTrace = this.db.prepare('INSERT INTO trace_text(rowid, text) VALUES (?, ?)');
    this.insertProblem = this.db.prepare('INSERT INTO problem_text(rowid, text) VALUES (?, ?)');
    this.insertLink = this.db.prepare('INSERT INTO link VALUES (?, ?)');
    for (const row of this.db.prepare('SELECT trace, problem FROM link').iterate())
      this.link(row.trace as number, row.problem as number);
  }

  /** Rows below this number are indexed; rationales below `rationales` (their `ord`). */
  watermark(): { traces: number; rationales: number } {
    const row = this.db.prepare('SELECT coalesce(max(ord), -1) + 1 AS n FROM rationale').get();
    return { traces: this.size, rationales: Number(row?.n) };
  }

  /** Adds a batch in one transaction: it is indexed whole or not at all. */
  add(batch: IndexBatch): void {
    this.transaction(() => {
      for (const p of batch.problems) this.insertProblem.run(p.seq, p.text);
      for (const t of batch.traces) {
        this.insertTrace.run(t.seq, t.text);
        this.insertLink.run(t.seq, t.problem);
      }
    });
    for (const t of batch.traces) this.link(t.seq, t.problem);
  }

  addRationales(rows: readonly { ord: number; trace: number; text: string }[]): void {
    const text = this.db.prepare('INSERT INTO rationale_text(rowid, text) VALUES (?, ?)');
    const of = this.db.prepare('INSERT INTO rationale VALUES (?, ?)');
    this.transaction(() => {
      for (const r of rows) {
        text.run(r.ord, r.text);
        of.run(r.ord, r.trace);
      }
    });
  }

  /** Traces whose steps, problem or rationales hold the leaf. */
  find(leaf: Leaf): Bitmap {
    const match = ftsExpression(leaf);
    const hits = new Bitmap(this.size);
    if (match === null) return hits;
    for (const row of this.rows('trace_text', match)) hits.add(row);
    const problems = new Set(this.rows('problem_text', match));
    if (problems.size > 0)
      for (let t = 0; t < this.size; t++) if (problems.has(this.problemOf[t] as number)) hits.add(t);
    const rationales = this.db.prepare(
      'SELECT DISTINCT trace FROM rationale WHERE ord IN (SELECT rowid FROM rationale_text WHERE rationale_text MATCH ?)',
    );
    for (const row of rationales.all(match)) hits.add(row.trace as number);
    return hits;
  }

  close(): void {
    this.db.close();
  }

  /** Row numbers as one JSON text: far cheaper than an object a row where half a million match. */
  private rows(table: 'trace_text' | 'problem_text', match: string): number[] {
    const row = this.db
      .prepare(`SELECT json_group_array(rowid) AS ids FROM ${table} WHERE ${table} MATCH ?`)
      .get(match);
    return JSON.parse(row?.ids as string);
  }

  private link(trace: number, problem: number): void {
    if (trace >= this.problemOf.length) {
      const grown = new Int32Array(Math.max(trace + 1, this.problemOf.length * 2)).fill(-1);
      grown.set(this.problemOf);
      this.problemOf = grown;
    }
    this.problemOf[trace] = problem;
    this.size = Math.max(this.size, trace + 1);
  }

  private transaction(work: () => void): void {
    this.db.exec('BEGIN');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** FTS5's own quoting: whatever is in the text, it is a string. Null when it has no searchable character. */
export const ftsExpression = (leaf: Leaf): string | null => {
  if (!/[\p{L}\p{N}]/u.test(leaf.text)) return null;
  return `"${leaf.text.replaceAll('"', '""').replaceAll('\0', '')}"${leaf.op === 'prefix' ? '*' : ''}`;
};
