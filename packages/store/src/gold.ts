import { listValue } from '@duckdb/node-api';
import type { CriticId } from '@flywheel/domain/critic';
import type { GoldSplit } from '@flywheel/domain/gold-split';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { ProblemId, RunId, TraceId } from '@flywheel/domain/ids';
import { decodePosition, type Position } from '@flywheel/domain/judgement';
import type { Query } from '@flywheel/domain/query/ast';
import { categoryName } from './codes.ts';
import { type Condition, compile } from './compile.ts';
import { type Database, timestamp } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import type { Traces } from './traces.ts';

export interface GoldCounts {
  train: number;
  dev: number;
  test: number;
  flawed: number;
  clean: number;
}

export interface TestUse {
  version: number;
  run: RunId | null;
  /** Milliseconds since 1970. */
  at: number;
}

/** `splitOf` of domain/gold-split.ts, in SQL over `problem p`. */
const BUCKET = `(('0x' || p.id[9:16])::UBIGINT % 100)`;
const SPLIT: Record<GoldSplit, string> = {
  train: `${BUCKET} < 40`,
  dev: `${BUCKET} BETWEEN 40 AND 79`,
  test: `${BUCKET} >= 80`,
};

/** What people said of traces, as the truth that critics learn from and are measured by; split by problem. */
export class Gold {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private readonly source: Traces;

  constructor(db: Database, names: Names, search: Search, source: Traces) {
    this.db = db;
    this.names = names;
    this.search = search;
    this.source = source;
  }

  /**
   * At most `limit` gold traces of one split, drawn by `seed`: the same draw for the same gold, and more gold moves few.
   * `test` is for the figure at the end: whoever asks for it notes so ({@link noteTestUse}).
   *
   * @param request.tasks only of these; all where absent
   */
  async traces(request: {
    split: GoldSplit;
    tasks?: readonly string[];
    limit: number;
    seed: number;
  }): Promise<GoldTrace[]> {
    const tasks = request.tasks?.flatMap((task) => this.names.find('task', task) ?? []);
    if (tasks?.length === 0) return [];
    const of = tasks ? `t.task IN (${tasks.join(', ')})` : 'true';
    return this.load(await this.picked(request, of, []));
  }

  /** As {@link traces}: row numbers, only of what `query` selects and of one kind. Never of `test`. */
  async draw(request: {
    split: 'train' | 'dev';
    query: Query;
    kind: 'flawed' | 'clean';
    limit: number;
    seed: number;
  }): Promise<Uint32Array> {
    const where = await compile(request.query, this.names, this.search);
    // Flawed at an unknown place (-2) teaches no place.
    const kind = request.kind === 'clean' ? 't.human_at = -1' : 't.human_at >= 0';
    return this.picked(request, `${kind} AND ${where.sql}`, where.values);
  }

  /** Those of the rows that are gold, in the order asked for. */
  async load(seqs: Uint32Array): Promise<GoldTrace[]> {
    if (seqs.length === 0) return [];
    const [texts, said, rows] = await Promise.all([
      this.source.texts(seqs),
      this.said(seqs),
      this.db.all(
        `SELECT t.seq, p.id, t.human_at FROM trace t JOIN problem p ON p.seq = t.problem
         WHERE t.human_at IS NOT NULL AND t.seq IN (SELECT unnest($1::UINTEGER[]))`,
        [listValue([...seqs])],
      ),
    ]);
    const textOf = new Map(texts.map((t) => [t.seq, t]));
    const rowOf = new Map(rows.map((r) => [Number(r.seq), r]));
    return [...seqs].flatMap((seq): GoldTrace[] => {
      const [trace, row] = [textOf.get(seq), rowOf.get(seq)];
      if (!trace || !row) return [];
      const { category = null, rationale = '' } = said.get(seq) ?? {};
      const gold = decodePosition(Number(row.human_at));
      return [{ trace, problem: row.id as ProblemId, gold, category, rationale }];
    });
  }

  /** Every gold verdict, in order of arrival. */
  async positions(): Promise<{ trace: TraceId; problem: ProblemId; position: Position }[]> {
    const rows = await this.db.all(
      `SELECT t.id, p.id AS problem, t.human_at FROM trace t JOIN problem p ON p.seq = t.problem
       WHERE t.human_at IS NOT NULL ORDER BY t.seq`,
    );
    return rows.map((r) => ({
      trace: r.id as TraceId,
      problem: r.problem as ProblemId,
      position: decodePosition(Number(r.human_at)),
    }));
  }

  /** Gold among what the query selects. */
  async counts(query: Query): Promise<GoldCounts> {
    const where = await compile(query, this.names, this.search);
    const [row] = await this.db.all(
      `SELECT ${Object.entries(SPLIT)
        .map(([split, condition]) => `count(*) FILTER (${condition})::INTEGER AS ${split}`)
        .join(', ')},
         count(*) FILTER (t.human_at <> -1)::INTEGER AS flawed, count(*) FILTER (t.human_at = -1)::INTEGER AS clean
       FROM trace t JOIN problem p ON p.seq = t.problem WHERE t.human_at IS NOT NULL AND ${where.sql}`,
      where.values,
    );
    return row as unknown as GoldCounts;
  }

  /** Notes that a version was measured on the test split. `run`: that whose verdicts were measured, if one was. */
  async noteTestUse(use: { critic: CriticId; version: number; run: RunId | null }): Promise<void> {
    await this.db.write((tx) =>
      tx.run('INSERT INTO gold_use VALUES ($1, $2, $3, $4)', [
        use.critic,
        use.version,
        use.run,
        timestamp(Date.now()),
      ]),
    );
  }

  /** Each time that the critic was measured on the test split, newest first. */
  async testUses(critic: CriticId): Promise<TestUse[]> {
    const rows = await this.db.all(
      'SELECT version, run, epoch_ms(made_at) AS at_ms FROM gold_use WHERE critic = $1 ORDER BY made_at DESC, version DESC',
      [critic],
    );
    return rows.map((r) => ({
      version: Number(r.version),
      run: r.run === null ? null : (Number(r.run) as RunId),
      at: Number(r.at_ms),
    }));
  }

  /** Narrow tables say which; texts are read of these only. */
  private async picked(
    request: { split: GoldSplit; limit: number; seed: number },
    condition: string,
    values: Condition['values'],
  ): Promise<Uint32Array> {
    const rows = await this.db.all(
      `SELECT t.seq FROM trace t JOIN problem p ON p.seq = t.problem
       WHERE t.human_at IS NOT NULL AND ${SPLIT[request.split]} AND ${condition}
       ORDER BY md5(t.id || $${values.length + 1}), t.seq LIMIT ${Math.trunc(request.limit)}`,
      [...values, String(request.seed)],
    );
    return Uint32Array.from(rows, (r) => Number(r.seq));
  }

  /** Category and rationale of the verdict that is gold: a reviewer's before a file's, and the newest. */
  private async said(seqs: Uint32Array): Promise<Map<number, Pick<GoldTrace, 'category' | 'rationale'>>> {
    const people = this.names.all('judge').flatMap((judge, code) => (judge.startsWith('human:') ? code : []));
    if (seqs.length === 0 || people.length === 0) return new Map();
    const rows = await this.db.all(
      `SELECT trace, category, rationale FROM (
         SELECT * FROM judgement WHERE judge IN (${people.join(', ')}) AND trace IN (SELECT unnest($1::UINTEGER[]))
         QUALIFY row_number() OVER (PARTITION BY trace, judge ORDER BY ord DESC) = 1
       ) WHERE position IS NOT NULL AND scope = 1
       QUALIFY row_number() OVER (PARTITION BY trace ORDER BY imported, made_at DESC) = 1`,
      [listValue([...seqs])],
    );
    return new Map(
      rows.map((r) => [
        Number(r.trace),
        {
          category: categoryName(r.category === null ? null : Number(r.category)),
          rationale: r.rationale as string,
        },
      ]),
    );
  }
}
