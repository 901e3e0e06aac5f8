import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ChatAnswer, ChatFinish } from '@flywheel/domain/chat';
import { StoreError } from '../database.ts';

/** A model's answer as it is kept: whole, with where it came from. The question is not kept; its hash is the key. */
export interface CachedAnswer extends ChatAnswer {
  baseUrl: string;
  model: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Answers differ in every character, keys are random: a plain table with an index takes 4 times the puts of WITHOUT ROWID. */
const SCHEMA = `CREATE TABLE IF NOT EXISTS answer (
  key BLOB PRIMARY KEY,                 -- SHA-256 of what was asked, 32 bytes
  text TEXT NOT NULL, finish TEXT NOT NULL,
  input INTEGER NOT NULL, output INTEGER NOT NULL, estimated INTEGER NOT NULL,
  model_ms REAL NOT NULL, base_url TEXT NOT NULL, model TEXT NOT NULL, made_at INTEGER NOT NULL
)`;
const SUFFIXES = ['', '-wal', '-shm'];
const SQLITE_FULL = 13;
const DAMAGED = [11, 26];

const codeOf = (error: unknown): number => Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
export const isDamage = (error: unknown): boolean => DAMAGED.includes(codeOf(error));

/** What went wrong with the file at `path`, with the remedy. */
export const explainAnswers = (path: string, cause: unknown): StoreError => {
  const why =
    codeOf(cause) === SQLITE_FULL
      ? `The disk is full: answers could not be written to ${path}. Free some space and try again; until then they are held in memory.`
      : isDamage(cause)
        ? `${path} is damaged. Run \`flywheel doctor\`: it moves the file aside, and answers in it are asked for again.`
        : `Answers could not be kept in ${path} (${(cause as Error).message}).`;
  return new StoreError(why, { cause });
};

/** A connection to the file, which is made if it is not there. Throws SQLite's own error. */
export const connect = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  try {
    // A commit survives the death of the process; the disk is waited for at checkpoints, of which there are few.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000');
    db.exec(SCHEMA);
    db.prepare('SELECT * FROM answer LIMIT 1').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Gives the file another name, so that a new one can take its place. @returns that name */
export const moveAside = (path: string): string => {
  let aside = `${path}.damaged`;
  for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${n}`;
  for (const suffix of SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
};

export const INSERT = 'INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

export const keyBytes = (key: string): Uint8Array => Buffer.from(key, 'hex');

export const toColumns = (key: string, a: CachedAnswer): (Uint8Array | string | number)[] => [
  keyBytes(key),
  a.text,
  a.finish,
  a.usage.input,
  a.usage.output,
  Number(a.usage.estimated),
  a.modelMs,
  a.baseUrl,
  a.model,
  a.at,
];

export const fromColumns = (r: Record<string, unknown>): CachedAnswer => ({
  text: r.text as string,
  finish: r.finish as ChatFinish,
  usage: { input: r.input as number, output: r.output as number, estimated: r.estimated === 1 },
  modelMs: r.model_ms as number,
  baseUrl: r.base_url as string,
  model: r.model as string,
  at: r.made_at as number,
});
