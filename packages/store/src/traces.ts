import type { FacetResult, FacetValue, Sort } from '@flywheel/domain/facet';
import type { ProblemId, TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { Query } from '@flywheel/domain/query/ast';
import type { TraceDetail, TraceRow, TraceText } from '@flywheel/domain/trace';
import { givenName } from './codes.ts';
import type { Database, Row } from './database.ts';
import { Facets } from './facets.ts';
import { type ImportedField, importedFields } from './imported-fields.ts';
import { newestJudgements, toJudgement } from './judgement-rows.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import { type Snippet, snippetsOf } from './snippets.ts';
import { among, fetchRows } from './trace-rows.ts';
import { Views } from './views.ts';

const ARRIVAL: Sort = { key: 'arrival', descending: false };
const SIBLINGS = 50;

/** Ids in memory: the row number, undefined when there is no such trace, null while nothing is loaded. */
interface Ids {
  seqOf(id: TraceId): number | undefined | null;
}

/** Reading traces: lists, facets, opened traces, and texts for judges and exports. */
export class Traces {
  private readonly db: Database;
  private readonly names: Names;
  private readonly ids: Ids;
  private readonly views: Views;
  private readonly counted: Facets;

  constructor(db: Database, names: Names, search: Search, ids: Ids) {
    this.db = db;
    this.names = names;
    this.ids = ids;
    this.views = new Views(db, names, search);
    this.counted = new Facets(db, names, search);
  }

  /** Rows [offset, offset + limit) of what the query selects, and how many it selects in all. */
  async page(request: {
    query: Query;
    sort: Sort;
    offset: number;
    limit: number;
  }): Promise<{ total: number; rows: TraceRow[] }> {
    const view = await this.views.rows(request.query, request.sort);
    const rows = await fetchRows(
      this.db,
      this.names,
      view.subarray(request.offset, request.offset + request.limit),
    );
    return { total: view.length, rows };
  }

  facets(query: Query): Promise<FacetResult> {
    return this.counted.all(query);
  }

  facetValues(query: Query, field: string, contains: string): Promise<FacetValue[]> {
    return this.counted.values(query, field, contains);
  }

  importedFields(): Promise<ImportedField[]> {
    return importedFields(this.db);
  }

  /** Row numbers of what the query selects. */
  seqs(query: Query, sort: Sort = ARRIVAL): Promise<Uint32Array> {
    return this.views.rows(query, sort);
  }

  /** Where a trace stands in a list; null when the query does not select it. */
  async locate(request: { query: Query; sort: Sort; id: TraceId }): Promise<number | null> {
    const seq = (await this.seqsOf([request.id])).get(request.id);
    if (seq === undefined) return null;
    const at = (await this.views.rows(request.query, request.sort)).indexOf(seq);
    return at < 0 ? null : at;
  }

  async open(id: TraceId): Promise<TraceDetail | null> {
    return (await this.openMany([id]))[0] ?? null;
  }

  /** Opened traces in the order of `ids`; unknown ids are left out. */
  async openMany(ids: readonly TraceId[], include = { siblings: true }): Promise<TraceDetail[]> {
    const found = await this.seqsOf(ids);
    const seqs = ids.flatMap((id) => found.get(id) ?? []);
    if (seqs.length === 0) return [];
    const { values, holds } = among(seqs);
    const [rows, problems, bodies] = await Promise.all([
      fetchRows(this.db, this.names, seqs),
      this.db.all(
        `SELECT p.* FROM problem p WHERE seq IN (SELECT problem FROM trace WHERE ${holds('seq')})`,
        values,
      ),
      this.db.all(`SELECT seq, steps, extra FROM trace_body WHERE ${holds('seq')}`, values),
    ]);
    const [judgements, siblings] = await Promise.all([
      this.judgements(rows),
      include.siblings ? this.siblings(problems.map((p) => Number(p.seq))) : [],
    ]);
    const body = new Map(bodies.map((b) => [Number(b.seq), b]));
    const problem = new Map(problems.map((p) => [p.id as string, p]));
    return rows.map((row): TraceDetail => {
      const b = body.get(row.seq) as Row;
      const p = problem.get(row.problem) as Row;
      return {
        row,
        problem: {
          id: p.id as ProblemId,
          task: this.names.name('task', Number(p.task)),
          ordinal: Number(p.ordinal),
          prompt: p.prompt as string,
          reference: p.reference as string | null,
        },
        steps: JSON.parse(b.steps as string),
        extra: b.extra === null ? {} : JSON.parse(b.extra as string),
        judgements: judgements.get(row.seq) ?? [],
        siblings: siblings.filter((s) => s.problem === row.problem && s.seq !== row.seq).slice(0, SIBLINGS),
      };
    });
  }

  /** Texts for judges, in order of `seqs`. Ask for a few thousand at a time. */
  async texts(seqs: Uint32Array): Promise<TraceText[]> {
    const { values, holds } = among([...seqs]);
    const rows = await this.db.all(
      `SELECT t.seq, t.id, t.task, t.model, t.given, p.id AS problem, p.prompt, p.reference, b.answer, b.steps
       FROM trace t JOIN trace_body b ON b.seq = t.seq JOIN problem p ON p.seq = t.problem
       WHERE ${holds('t.seq')} AND ${holds('b.seq')}`,
      values,
    );
    const texts = rows.map(
      (r): TraceText => ({
        seq: Number(r.seq),
        id: r.id as TraceId,
        problem: r.problem as ProblemId,
        task: this.names.name('task', Number(r.task)),
        model: this.names.name('model', Number(r.model)),
        prompt: r.prompt as string,
        reference: r.reference as string | null,
        answer: r.answer as string | null,
        given: givenName(Number(r.given)),
        steps: JSON.parse(r.steps as string),
      }),
    );
    const bySeq = new Map(texts.map((t) => [t.seq, t]));
    return [...seqs].flatMap((seq) => bySeq.get(seq) ?? []);
  }

  /** Where the text of a query stands in these traces. */
  async snippets(query: Query, ids: readonly TraceId[]): Promise<Record<string, Snippet>> {
    if (query.text === null) return {};
    const found = await this.seqsOf(ids);
    const texts = await this.texts(Uint32Array.from(found.values()));
    return Object.fromEntries(
      texts.flatMap((t) => {
        const snippet = snippetsOf(query.text, t);
        return snippet ? [[t.id, snippet]] : [];
      }),
    );
  }

  /** Row numbers of trace ids. */
  async seqsOf(ids: readonly TraceId[]): Promise<Map<TraceId, number>> {
    const known = ids.map((id) => this.ids.seqOf(id));
    if (!known.includes(null))
      return new Map(ids.flatMap((id, i) => (known[i] === undefined ? [] : [[id, known[i] as number]])));
    const list = ids.map((_, i) => `$${i + 1}`).join(', ');
    if (ids.length === 0) return new Map();
    const rows = await this.db.all(`SELECT id, seq FROM trace WHERE id IN (${list})`, [...ids]);
    return new Map(rows.map((r) => [r.id as TraceId, Number(r.seq)]));
  }

  private async judgements(rows: readonly TraceRow[]): Promise<Map<number, Judgement[]>> {
    const found = await this.db.all(newestJudgements(among(rows.map((r) => r.seq)).holds('j.trace')));
    const byTrace = new Map<number, Judgement[]>();
    for (const row of rows) {
      const own = found.filter((j) => Number(j.trace) === row.seq);
      byTrace.set(
        row.seq,
        own.map((j) => toJudgement(j, row.id, this.names)),
      );
    }
    return byTrace;
  }

  private async siblings(problems: readonly number[]): Promise<TraceRow[]> {
    const { values, holds } = among(problems);
    const rows = await this.db.all(
      `SELECT seq FROM trace WHERE ${holds('problem')} ORDER BY seq LIMIT ${(SIBLINGS + 1) * 20}`,
      values,
    );
    return fetchRows(
      this.db,
      this.names,
      rows.map((r) => Number(r.seq)),
    );
  }
}
