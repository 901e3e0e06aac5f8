import {
  BOOLEAN,
  DOUBLE,
  FLOAT,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { RunId } from '@flywheel/domain/ids';
import type { ItemResult, ItemState } from '@flywheel/domain/run-item';
import { categoryCode } from './codes.ts';
import { timestamp, type Writer } from './database.ts';
import { among } from './trace-rows.ts';

const ITEM_STATES: readonly ItemState[] = ['done', 'not-applicable', 'failed'];
export const FAILED = ITEM_STATES.indexOf('failed');

/** Kept of each text in a failure's detail. */
const DETAIL_CHARACTERS = 65_536;

export const appendItems = (tx: Writer, id: RunId, seqs: readonly number[]): Promise<void> =>
  tx.append('run_item', [
    ['run', INTEGER, seqs.map(() => id)],
    ['trace', UINTEGER, seqs],
  ]);

/** Those of `results` that are of the run and have no result yet, each item once. */
export const withoutResult = async (
  tx: Writer,
  id: RunId,
  results: readonly ItemResult[],
): Promise<ItemResult[]> => {
  const { values, holds } = among([...new Set(results.map((r) => r.seq))]);
  const ofRun = `run = ${id} AND ${holds('trace')}`;
  const items = await tx.all(`SELECT trace FROM run_item WHERE ${ofRun}`, values);
  const there = await tx.all(`SELECT trace, repetition FROM run_result WHERE ${ofRun}`, values);
  const ours = new Set(items.map((r) => Number(r.trace)));
  const keyOf = (seq: number, repetition: number): string => `${seq}.${repetition}`;
  const seen = new Set(there.map((r) => keyOf(Number(r.trace), Number(r.repetition))));
  return results.filter((r) => {
    const key = keyOf(r.seq, r.repetition);
    if (!ours.has(r.seq) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

const appendAnswers = async (tx: Writer, id: RunId, results: readonly ItemResult[]): Promise<void> => {
  const answered = results.flatMap(({ seq, repetition, answer }) =>
    answer ? [{ seq, repetition, ...answer }] : [],
  );
  const of = <T>(pick: (a: (typeof answered)[number]) => T): T[] => answered.map(pick);
  const now = timestamp(Date.now());
  await tx.append('run_answer', [
    ['run', INTEGER, of(() => id)],
    ['trace', UINTEGER, of((a) => a.seq)],
    ['repetition', UTINYINT, of((a) => a.repetition)],
    ['key', VARCHAR, of((a) => a.key)],
    ['position', SMALLINT, of((a) => a.position)],
    ['category', UTINYINT, of((a) => categoryCode(a.category))],
    ['confidence', FLOAT, of((a) => a.confidence)],
    ['rationale', VARCHAR, of((a) => a.rationale)],
    ['cached', BOOLEAN, of((a) => a.cached)],
    ['input_tokens', INTEGER, of((a) => a.inputTokens)],
    ['output_tokens', INTEGER, of((a) => a.outputTokens)],
    ['cost', DOUBLE, of((a) => a.cost)],
    ['model_ms', FLOAT, of((a) => a.modelMs)],
    ['queue_ms', FLOAT, of((a) => a.queueMs)],
    ['attempts', USMALLINT, of((a) => a.attempts)],
    ['made_at', TIMESTAMP, of(() => now)],
  ]);
};

/** What a provider sent may be of any size. */
const capped = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > DETAIL_CHARACTERS
    ? `${value.slice(0, DETAIL_CHARACTERS)}… (cut: ${value.length} characters)`
    : value;

/** Appends results and the answers that they came from. */
export const appendResults = async (tx: Writer, id: RunId, results: readonly ItemResult[]): Promise<void> => {
  await tx.append('run_result', [
    ['run', INTEGER, results.map(() => id)],
    ['trace', UINTEGER, results.map((r) => r.seq)],
    ['state', UTINYINT, results.map((r) => ITEM_STATES.indexOf(r.state))],
    ['error', VARCHAR, results.map((r) => r.error ?? null)],
    ['repetition', UTINYINT, results.map((r) => r.repetition)],
    ['cause', VARCHAR, results.map((r) => r.cause ?? null)],
    ['detail', VARCHAR, results.map((r) => (r.detail ? JSON.stringify(r.detail, capped) : null))],
  ]);
  await appendAnswers(tx, id, results);
};
