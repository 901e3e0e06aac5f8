import { type DuckDBValue, listValue } from '@duckdb/node-api';
import type { ProblemId, TraceId } from '@flywheel/domain/ids';
import type { TraceRow } from '@flywheel/domain/trace';
import { categoryName, givenName, kindName, OUTCOMES } from './codes.ts';
import type { Database, Row } from './database.ts';
import type { Names } from './names.ts';

/** A list of row numbers as one parameter, for `$1::UINTEGER[]`. An empty list has no type of its own, so it goes as text. */
export const seqList = (seqs: Iterable<number>): DuckDBValue => {
  const list = [...seqs];
  return list.length === 0 ? '[]' : listValue(list);
};

/** So many row numbers may stand in the SQL itself: DuckDB then reads only the row groups and vectors that hold one. */
export const FEW = 1_000;

/** A condition that a column is among row numbers of ours, and its one parameter ($1), which few numbers do not need. */
export interface Among {
  values: DuckDBValue[];
  holds: (column: string) => string;
}

export const among = (seqs: readonly number[]): Among => {
  if (seqs.length === 0) return { values: [], holds: () => 'false' };
  if (seqs.length <= FEW) return { values: [], holds: (column) => `${column} IN (${seqs.join(', ')})` };
  const low = seqs.reduce((a, b) => Math.min(a, b));
  const high = seqs.reduce((a, b) => Math.max(a, b));
  return {
    values: [seqList(seqs)],
    holds: (column) =>
      `${column} BETWEEN ${low} AND ${high} AND ${column} IN (SELECT unnest($1::UINTEGER[]))`,
  };
};

const n = (v: unknown): number | null => (v === null || v === undefined ? null : Number(v));

const toRow = (r: Row, names: Names, tags: string[]): TraceRow => {
  const steps = Number(r.steps);
  const task = names.name('task', Number(r.task));
  return {
    seq: Number(r.seq),
    id: r.id as TraceId,
    problem: r.problem_id as ProblemId,
    label: `${names.name('task', Number(r.problem_task))}/${r.ordinal}`,
    promptHead: r.prompt_head as string,
    task,
    model: names.name('model', Number(r.model)),
    source: names.name('source', Number(r.source)),
    importId: Number(r.import_id) || null,
    outcome: OUTCOMES[Number(r.outcome)] ?? 'unknown',
    given: givenName(Number(r.given)),
    answer: r.answer as string | null,
    reference: r.reference as string | null,
    steps,
    firstError: n(r.first_error),
    flawKind: kindName(n(r.flaw_kind)),
    category: categoryName(n(r.category)),
    strip: ((r.strip as string | null) ?? '').padEnd(steps, '.').slice(0, steps),
    agreement: {
      verifier: n(r.verifier_at),
      critic: n(r.critic_at),
      local: n(r.local_at),
      human: n(r.human_at),
    },
    surprise: r.surprise === null ? null : Number(r.surprise) / 10,
    selfAgreement: r.self_agreement === null ? null : Number(r.self_agreement) / 100,
    conflict: r.conflict as boolean,
    reviewed: r.reviewed as boolean,
    flagged: r.flagged as boolean,
    tags,
  };
};

/** Rows for the table, in the order of `seqs`. Touches the wide tables for these rows only. */
export const fetchRows = async (db: Database, names: Names, seqs: ArrayLike<number>): Promise<TraceRow[]> => {
  if (seqs.length === 0) return [];
  const wanted = Array.from(seqs);
  // Bounds let DuckDB skip row groups; the list alone would make it read the whole column.
  const low = wanted.reduce((a, b) => Math.min(a, b));
  const high = wanted.reduce((a, b) => Math.max(a, b));
  const bounds = (column: string) =>
    `${column} BETWEEN ${low} AND ${high} AND ${column} IN (SELECT unnest($1::UINTEGER[]))`;
  const rows = await db.all(
    `SELECT t.*, p.id AS problem_id, p.task AS problem_task, p.ordinal, p.reference, left(p.prompt, 160) AS prompt_head, b.answer, b.strip
     FROM (SELECT * FROM trace WHERE ${bounds('seq')}) t
     JOIN (SELECT seq, answer, strip FROM trace_body WHERE ${bounds('seq')}) b ON b.seq = t.seq
     JOIN problem p ON p.seq = t.problem`,
    [seqList(wanted)],
  );
  const tagged = await db.all(`SELECT trace, tag FROM trace_tag WHERE ${bounds('trace')}`, [seqList(wanted)]);
  const bySeq = new Map(
    rows.map((r) => {
      const tags = tagged.filter((t) => t.trace === r.seq).map((t) => names.name('tag', Number(t.tag)));
      return [Number(r.seq), toRow(r, names, tags)];
    }),
  );
  return wanted.flatMap((seq) => bySeq.get(seq) ?? []);
};
