import { BOOLEAN, SMALLINT, UBIGINT, UINTEGER, USMALLINT, UTINYINT, VARCHAR } from '@duckdb/node-api';
import { encodeStrip } from '@flywheel/domain/flaw';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Outcome } from '@flywheel/domain/trace';
import { type TraceBlock, textAt } from '@flywheel/domain/trace-block';
import { givenCode, judgeBits, kindCode, outcomeCode, usefulness } from './codes.ts';
import type { Column } from './database.ts';

/** A new trace: where it stands in what came, and the numbers it got. */
export interface Placed {
  block: TraceBlock;
  row: number;
  seq: number;
  problem: number;
}

/** The file's own label of each new trace. */
export type Golds = readonly (NonNullable<IngestTrace['gold']> | undefined)[];

const initialOutcome = ({ block, row }: Placed): Outcome =>
  block.given[row] ?? (block.answers[row] === null ? 'none' : 'unknown');

/** The code of a trace's task, model or source. */
export type CodeOf = (trace: Placed) => number;

/**
 * New traces as columns of `trace`.
 *
 * @param goldJudge code of {@link IMPORTED_GOLD}; null when no record has a label
 */
export const traceColumns = (
  placed: readonly Placed[],
  importId: number,
  codes: Record<'task' | 'model' | 'source', CodeOf>,
  golds: Golds,
  goldJudge: number | null,
): Column[] => {
  const all = <T>(value: T) => placed.map(() => value);
  const nothing = all(null);
  const no = all(false);
  const outcomes = placed.map(initialOutcome);
  const goldAt = golds.map((g) => g?.position ?? null);
  const goldBits = judgeBits(goldJudge === null ? [] : [goldJudge]);
  return [
    ['seq', UINTEGER, placed.map((p) => p.seq)],
    ['id', VARCHAR, placed.map((p) => p.block.ids[p.row] as string)],
    ['problem', UINTEGER, placed.map((p) => p.problem)],
    ['task', USMALLINT, placed.map(codes.task)],
    ['model', USMALLINT, placed.map(codes.model)],
    ['source', USMALLINT, placed.map(codes.source)],
    ['import_id', USMALLINT, all(importId)],
    ['given', UTINYINT, placed.map((p) => givenCode(p.block.given[p.row] ?? null))],
    ['outcome', UTINYINT, outcomes.map(outcomeCode)],
    ['steps', USMALLINT, placed.map((p) => Math.min(p.block.stepCounts[p.row] as number, 65_535))],
    ['first_error', SMALLINT, goldAt],
    ['category', UTINYINT, nothing],
    ['flaw_kind', UTINYINT, golds.map((g) => (g ? kindCode('human') : null))],
    ['verifier_at', SMALLINT, nothing],
    ['critic_at', SMALLINT, nothing],
    ['local_at', SMALLINT, nothing],
    ['human_at', SMALLINT, goldAt],
    ['conflict', BOOLEAN, no],
    ['reviewed', BOOLEAN, no],
    ['flagged', BOOLEAN, no],
    [
      'usefulness',
      UTINYINT,
      outcomes.map((outcome, i) =>
        usefulness({ reviewed: false, conflict: false, outcome, firstError: goldAt[i] ?? null }),
      ),
    ],
    ['judges', UBIGINT, golds.map((g) => (g ? goldBits : 0n))],
    ['surprise', UTINYINT, nothing],
    ['self_agreement', UTINYINT, nothing],
  ];
};

/** New traces as columns of `trace_body`. */
export const bodyColumns = (placed: readonly Placed[], golds: Golds): Column[] => [
  ['seq', UINTEGER, placed.map((p) => p.seq)],
  ['steps', VARCHAR, placed.map((p) => textAt(p.block.steps, p.row))],
  ['answer', VARCHAR, placed.map((p) => p.block.answers[p.row] as string | null)],
  ['extra', VARCHAR, placed.map((p) => p.block.extras[p.row] as string | null)],
  ['strip', VARCHAR, golds.map((g) => (g ? encodeStrip(g.labels) : null))],
];
