import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { textAt } from '@flywheel/domain/trace-block';
import type { IndexBatch } from '../ingest.ts';
import { Bitmap } from './bitmap.ts';
import { CommonWords } from './common-words.ts';
import { KeptHits } from './kept-hits.ts';

export type Leaf = { op: 'term' | 'phrase' | 'prefix'; text: string };

/** Raised when the tables below change: an older file is thrown away and rebuilt from the store. */
const SCHEMA = 2;
/** Traces of one transaction. FTS5 writes one segment a transaction; fewer, larger ones make merges rare. */
const ROWS_A_TRANSACTION = 20_000;
const TOKENS = 'unicode61 remove_diacritics 2';

/**
 * The SQLite file of the index, used by one thread. Holds no text: FTS5 tables are contentless, rows are row numbers of the store.
 * Additions are committed by the thousand: what a crash leaves out is above the watermark, and is added again at the next start.
 */
export class FullText {
  private readonly db: DatabaseSync;
  private readonly kept: KeptHits;
  private readonly words = new CommonWords();
  /** Common words whose hits are not kept yet. */
  private cold: string[] = [];
  private readonly insertTrace: StatementSync;
  private readonly insertProblem: StatementSync;
  /** Trace row -> problem row, -1 where there is none; grows by doubling. */
  private problemOf = new Int32Array(1024).fill(-1);
  /** Rows below this number are in the index. */
  private size: number;
  /** Rows of the open transaction; null when none is open. */
  private open: number | null = null;

  constructor(path: string) {
    this.db = openFile(path);
    this.kept = new KeptHits(this.db);
    this.insertTrace = this.db.prepare('INSERT INTO trace_text(rowid, text) VALUES (?, ?)');
    this.insertProblem = this.db.prepare('INSERT INTO problem_text(rowid, text) VALUES (?, ?)');
    this.size = Number(this.db.prepare('SELECT traces FROM mark').get()?.traces ?? 0);
  }

  /** Tells which problem each trace belongs to, from row 0 on: the store knows, and reads it faster than this file could. */
  link(problems: Int32Array<ArrayBuffer>): void {
    this.problemOf = problems;
  }

  /** Traces below this number are indexed and kept; rationales below `rationales` (their `ord`). */
  watermark(): { traces: number; rationales: number } {
    this.commit();
    const row = this.db.prepare('SELECT coalesce(max(ord), -1) + 1 AS n FROM rationale').get();
    return { traces: this.size, rationales: Number(row?.n) };
  }

  /** Adds a batch. It is kept once the transaction is full, somebody asks something, or {@link commit} is called. */
  add(batch: IndexBatch): void {
    this.begin();
    for (const p of batch.problems) this.insertProblem.run(p.seq, p.text);
    for (const { rows, seqs, problems, steps } of batch.blocks) {
      for (const [i, row] of rows.entries()) {
        const seq = seqs[i] as number;
        const text = searchable(textAt(steps, row));
        this.insertTrace.run(seq, text);
        this.words.add(text);
        this.setProblem(seq, problems[i] as number);
        if (seq >= this.size) this.size = seq + 1;
      }
    }
    this.addRationales(batch.rationales);
    this.open = (this.open ?? 0) + batch.traces;
    if (this.open >= ROWS_A_TRANSACTION) this.commit();
  }

  addRationales(rows: readonly { ord: number; trace: number; text: string }[]): void {
    this.begin();
    const text = this.db.prepare('INSERT INTO rationale_text(rowid, text) VALUES (?, ?)');
    const of = this.db.prepare('INSERT INTO rationale VALUES (?, ?)');
    for (const r of rows) {
      text.run(r.ord, r.text);
      of.run(r.ord, r.trace);
    }
  }

  /** Traces whose steps, problem or rationales hold the leaf. */
  find(leaf: Leaf): Bitmap {
    this.commit();
    const match = ftsExpression(leaf);
    if (match === null) return new Bitmap(this.size);
    const hits = this.kept.find('trace_text', match, this.size);
    const problems = this.kept.find('problem_text', match, this.problems());
    if (problems.bytes.some((byte) => byte !== 0))
      for (let t = 0; t < this.size; t++) if (problems.has(this.problemOf[t] as number)) hits.add(t);
    const rationales = this.db.prepare(
      'SELECT DISTINCT trace FROM rationale WHERE ord IN (SELECT rowid FROM rationale_text WHERE rationale_text MATCH ?)',
    );
    for (const row of rationales.all(match)) hits.add(row.trace as number);
    return hits;
  }

  commit(): void {
    if (this.open === null) return;
    this.db.prepare('UPDATE mark SET traces = ?').run(this.size);
    this.db.exec('COMMIT');
    this.open = null;
  }

  /** Looks one common word up before anybody asks for it; false when there is none left. */
  warm(): boolean {
    if (this.cold.length === 0) this.cold = this.words.take();
    const text = this.cold.shift();
    if (text === undefined) return false;
    this.find({ op: 'term', text });
    return true;
  }

  close(): void {
    this.commit();
    this.db.close();
  }

  private begin(): void {
    if (this.open !== null) return;
    this.db.exec('BEGIN');
    this.open = 0;
  }

  /** Rows of problems are below this number. */
  private problems(): number {
    const row = this.db.prepare('SELECT rowid + 1 AS n FROM problem_text ORDER BY rowid DESC LIMIT 1').get();
    return Number(row?.n ?? 0);
  }

  private setProblem(trace: number, problem: number): void {
    if (trace >= this.problemOf.length) {
      const grown = new Int32Array(Math.max(trace + 1, this.problemOf.length * 2)).fill(-1);
      grown.set(this.problemOf);
      this.problemOf = grown;
    }
    this.problemOf[trace] = problem;
  }
}

/** The text of steps for the tokenizer: to it, quotes and commas of JSON are blanks; only escapes must be undone. */
const searchable = (steps: string): string =>
  steps.includes('\\') ? (JSON.parse(steps) as string[]).join('\n') : steps;

/** Whether the file holds this version's tables, none yet, or what is to be thrown away: another version's, or no database at all. */
const stateOf = (db: DatabaseSync): 'ours' | 'empty' | 'stale' => {
  try {
    if (db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined) return 'empty';
    return Number(db.prepare('PRAGMA user_version').get()?.user_version) === SCHEMA ? 'ours' : 'stale';
  } catch {
    return 'stale';
  }
};

const openFile = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path);
  const state = stateOf(db);
  if (state === 'stale') {
    db.close();
    removeFile(path);
    return openFile(path);
  }
  // Derived data: a crash costs a rebuild, so nothing waits for the disk.
  db.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY`);
  if (state === 'ours') return db;
  // All at once: a kill in between must not leave half of the tables.
  db.exec('BEGIN');
  for (const table of ['trace_text', 'problem_text', 'rationale_text']) {
    db.exec(`CREATE VIRTUAL TABLE ${table} USING fts5(text, content='', tokenize="${TOKENS}")`);
    // Measured on a million traces: 15 us a trace so, 31 us with FTS5's defaults, which merge small segments all the time.
    for (const [option, value] of [
      ['hashsize', 64 * 2 ** 20],
      ['automerge', 0],
      ['crisismerge', 64],
      ['pgsz', 16_000],
    ])
      db.exec(`INSERT INTO ${table}(${table}, rank) VALUES ('${option}', ${value})`);
  }
  db.exec(`CREATE TABLE rationale (ord INTEGER PRIMARY KEY, trace INTEGER NOT NULL);
    CREATE TABLE mark (traces INTEGER NOT NULL); INSERT INTO mark VALUES (0);
    PRAGMA user_version = ${SCHEMA}; COMMIT`);
  return db;
};

/** Removes the index's files. */
export const removeFile = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};

/** FTS5's own quoting: whatever is in the text, it is a string. Null when it has no searchable character. */
export const ftsExpression = (leaf: Leaf): string | null => {
  if (!/[\p{L}\p{N}]/u.test(leaf.text)) return null;
  // The tokenizer folds case; letters of ASCII are folded here, too, so that one word is one expression.
  const text = leaf.text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `"${text.replaceAll('"', '""').replaceAll('\0', '')}"${leaf.op === 'prefix' ? '*' : ''}`;
};
