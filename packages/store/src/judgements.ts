import {
  BIGINT,
  BOOLEAN,
  FLOAT,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { encodeStrip } from '@flywheel/domain/flaw';
import { GIVEN_OUTCOME, IMPORTED_GOLD, type JudgeId, type TraceId } from '@flywheel/domain/ids';
import {
  decodePosition,
  encodePosition,
  type Judgement,
  type Position,
  position,
  type Scope,
} from '@flywheel/domain/judgement';
import type { Query } from '@flywheel/domain/query/ast';
import { categoryCode } from './codes.ts';
import { type Database, StoreError, timestamp, type Writer } from './database.ts';
import { resolveTraces } from './flaws.ts';
import { nextOrd } from './judgement-rows.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import { seqList } from './trace-rows.ts';
import type { Traces } from './traces.ts';

export interface JudgeCount {
  judge: JudgeId;
  scope: Scope;
  n: number;
}

export interface VerdictPair {
  trace: TraceId;
  predicted: Position;
  gold: Position;
}

/** Verdicts, append-only: the newest of each judge counts, and the trace's resolved flaw follows in the same transaction. */
export class Judgements {
  private readonly db: Database;
  private readonly names: Names;
  private readonly traces: Traces;
  private readonly search: Search;

  constructor(db: Database, names: Names, traces: Traces, search: Search) {
    this.db = db;
    this.names = names;
    this.traces = traces;
    this.search = search;
  }

  /** Throws {@link StoreError} when a trace is unknown; then nothing of the batch is kept. */
  async append(judgements: readonly Judgement[], runId: number | null = null): Promise<void> {
    if (judgements.length === 0) return;
    const rationales = await this.db.write(async (tx) => {
      const seqs = await seqsIn(
        tx,
        judgements.map((j) => j.trace),
      );
      return keepJudgements(tx, this.names, judgements, seqs, runId);
    });
    await this.search.addRationales(rationales);
  }

  /** Judges that gave a verdict, and on how many traces; the file's own outcome flag among them. */
  async judges(): Promise<JudgeCount[]> {
    const rows = await this.db.all(
      'SELECT judge, max(scope) AS scope, count(DISTINCT trace)::INTEGER AS n FROM judgement WHERE position IS NOT NULL GROUP BY judge ORDER BY n DESC, judge',
    );
    const [given] = await this.db.all('SELECT count(*)::INTEGER AS n FROM trace WHERE given > 0');
    const counts = rows.map(
      (r): JudgeCount => ({
        judge: this.names.name('judge', Number(r.judge)) as JudgeId,
        scope: r.scope === 0 ? 'outcome' : 'steps',
        n: r.n as number,
      }),
    );
    return (given?.n as number) > 0
      ? [...counts, { judge: GIVEN_OUTCOME, scope: 'outcome', n: given?.n as number }]
      : counts;
  }

  /**
   * Traces of a query on which both judges have a verdict, in order of arrival.
   * Gold {@link IMPORTED_GOLD} means people: a reviewer's verdict replaces the imported one.
   */
  async pairs(judge: JudgeId, gold: JudgeId, query: Query): Promise<VerdictPair[]> {
    const seqs = await this.traces.seqs(query);
    const predicted = await this.positions(judge);
    const truth = await this.positions(gold);
    const both = [...seqs].filter((s) => predicted.has(s) && truth.has(s));
    if (both.length === 0) return [];
    const ids = await this.db.all('SELECT seq, id FROM trace WHERE seq IN (SELECT unnest($1::UINTEGER[]))', [
      seqList(both),
    ]);
    const idOf = new Map(ids.map((r) => [Number(r.seq), r.id as TraceId]));
    return both.map((s) => ({
      trace: idOf.get(s) as TraceId,
      predicted: predicted.get(s) as Position,
      gold: truth.get(s) as Position,
    }));
  }

  private async positions(judge: JudgeId): Promise<Map<number, Position>> {
    const read = (rows: Record<string, unknown>[]) =>
      new Map(rows.map((r) => [Number(r.trace), decodePosition(Number(r.position))]));
    if (judge === GIVEN_OUTCOME)
      return read(
        await this.db.all(
          'SELECT seq AS trace, CASE given WHEN 1 THEN -1 ELSE -2 END AS position FROM trace WHERE given > 0',
        ),
      );
    if (judge === IMPORTED_GOLD)
      return read(
        await this.db.all('SELECT seq AS trace, human_at AS position FROM trace WHERE human_at IS NOT NULL'),
      );
    const code = this.names.find('judge', judge);
    if (code === undefined) return new Map();
    return read(
      await this.db.all(
        `SELECT trace, position FROM (SELECT * FROM judgement WHERE judge = $1 QUALIFY row_number() OVER (PARTITION BY trace ORDER BY ord DESC) = 1) WHERE position IS NOT NULL`,
        [code],
      ),
    );
  }
}

/** Row numbers of trace ids inside a transaction; throws {@link StoreError} for one that is not there. */
export const seqsIn = async (tx: Writer, ids: readonly TraceId[]): Promise<number[]> => {
  const rows = await tx.all(
    'SELECT id, seq FROM trace WHERE id IN (SELECT unnest(from_json($1, \'["VARCHAR"]\')))',
    [JSON.stringify(ids)],
  );
  const found = new Map(rows.map((r) => [r.id as string, Number(r.seq)]));
  return ids.map((id) => {
    const seq = found.get(id);
    if (seq === undefined)
      throw new StoreError(`There is no trace ${id}. It may have gone with an import that was undone.`);
    return seq;
  });
};

/** A rationale for the search index, which is told after the transaction. */
export interface Rationale {
  ord: number;
  trace: number;
  text: string;
}

/** Appends judgements of the traces `seqs` and resolves their flaws, in the caller's transaction. */
export const keepJudgements = async (
  tx: Writer,
  names: Names,
  judgements: readonly Judgement[],
  seqs: readonly number[],
  runId: number | null,
): Promise<Rationale[]> => {
  if (judgements.length === 0) return [];
  const first = await appendJudgements(tx, names, judgements, seqs, runId);
  await resolveTraces(tx, names, [...new Set(seqs)]);
  return judgements.flatMap((j, i) =>
    j.rationale === '' ? [] : [{ ord: first + i, trace: seqs[i] as number, text: j.rationale }],
  );
};

/** Appends without resolving; returns the first `ord`. A verdict of null withdraws the judge's earlier one. */
export const appendJudgements = async (
  tx: Writer,
  names: Names,
  judgements: readonly (Judgement & { withdrawn?: boolean })[],
  seqs: readonly number[],
  runId: number | null,
): Promise<number> => {
  const first = await nextOrd(tx);
  const judge = await names.codesFor(
    tx,
    'judge',
    judgements.map((j) => j.judge),
  );
  const of = <T>(pick: (j: Judgement & { withdrawn?: boolean }) => T) => judgements.map(pick);
  await tx.append('judgement', [
    ['ord', BIGINT, judgements.map((_, i) => BigInt(first + i))],
    ['trace', UINTEGER, seqs],
    ['judge', USMALLINT, of((j) => judge(j.judge))],
    ['scope', UTINYINT, of((j) => (j.scope === 'outcome' ? 0 : 1))],
    ['position', SMALLINT, of((j) => (j.withdrawn ? null : encodePosition(position(j))))],
    ['labels', VARCHAR, of((j) => encodeStrip(j.labels))],
    ['category', UTINYINT, of((j) => categoryCode(j.category))],
    ['confidence', FLOAT, of((j) => j.confidence)],
    ['rationale', VARCHAR, of((j) => j.rationale)],
    ['evidence', VARCHAR, of((j) => (j.evidence.length === 0 ? null : JSON.stringify(j.evidence)))],
    ['version', VARCHAR, of((j) => j.version)],
    ['imported', BOOLEAN, of((j) => j.imported)],
    ['run_id', INTEGER, of(() => runId)],
    ['made_at', TIMESTAMP, of((j) => timestamp(j.at))],
  ]);
  return first;
};
