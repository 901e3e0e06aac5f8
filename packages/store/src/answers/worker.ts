import { parentPort, workerData } from 'node:worker_threads';
import { type CachedAnswer, connect, INSERT, toColumns } from './answer-file.ts';

/** Writes batches of answers, so that nobody else waits for the disk. Takes entries, answers null or SQLite's error. */
const db = connect(workerData.path as string);
const insert = db.prepare(INSERT);

const write = (entries: readonly (readonly [string, CachedAnswer])[]): void => {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const [key, answer] of entries) insert.run(...toColumns(key, answer));
    db.exec('COMMIT');
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

parentPort?.on('message', (entries: readonly (readonly [string, CachedAnswer])[] | 'close') => {
  if (entries === 'close') {
    db.close();
    parentPort?.close();
    return;
  }
  try {
    write(entries);
    parentPort?.postMessage(null);
  } catch (error) {
    const { message, errcode } = error as { message: string; errcode?: number };
    parentPort?.postMessage({ message, errcode });
  }
});
