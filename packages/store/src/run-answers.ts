import type { ItemCause, RunAnswer } from '@flywheel/domain/critique';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { JsonValue } from '@flywheel/domain/trace';
import { categoryName } from './codes.ts';
import type { Database, Row } from './database.ts';
import { FAILED } from './run-items.ts';

export type AnswerFilter = 'all' | 'flawed' | 'clean' | 'failed' | 'parse';

export interface CauseCount {
  cause: ItemCause;
  count: number;
  /** The newest error of this cause. */
  example: string;
}

export interface FailedItem {
  trace: TraceId;
  repetition: number;
  cause: ItemCause;
  error: string;
}

/** One answer with what is not in lists: the key of its text, and the detail of a failure. */
export type AnswerDetail = RunAnswer & { key: string | null; detail: { [key: string]: JsonValue } | null };

const CONDITIONS: Record<AnswerFilter, string> = {
  all: 'true',
  flawed: 'a.position <> -1',
  clean: 'a.position = -1',
  failed: `r.state = ${FAILED}`,
  parse: `r.cause = 'parse'`,
};

const SELECT = `SELECT t.id AS trace, r.repetition, r.state, r.error, r.cause, r.detail, a.key, a.position, a.category, a.confidence,
    a.rationale, a.cached, a.input_tokens, a.output_tokens, a.cost, a.model_ms, a.queue_ms, a.attempts, epoch_ms(a.made_at) AS made_ms
  FROM run_result r JOIN trace t ON t.seq = r.trace
  LEFT JOIN run_answer a ON a.run = r.run AND a.trace = r.trace AND a.repetition = r.repetition`;

/** What the items of a run came to, for people to read. */
export class RunAnswers {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** A page of results, by repetition, then in order of the traces' arrival; with `cause`, of those that failed for it. */
  async page(
    run: RunId,
    page: { filter: AnswerFilter; cause?: ItemCause | undefined; offset: number; limit: number },
  ): Promise<{ total: number; items: RunAnswer[] }> {
    const { filter, cause, offset, limit } = page;
    const failed = `r.state = ${FAILED} AND coalesce(r.cause, 'judge-error') = $2`;
    const where = `WHERE r.run = $1 AND ${CONDITIONS[filter]} AND ${cause === undefined ? 'true' : failed}`;
    const values = cause === undefined ? [run] : [run, cause];
    const [count] = await this.db.all(
      `SELECT count(*)::INTEGER AS n FROM run_result r
       LEFT JOIN run_answer a ON a.run = r.run AND a.trace = r.trace AND a.repetition = r.repetition ${where}`,
      values,
    );
    const rows = await this.db.all(
      `${SELECT} ${where} ORDER BY r.repetition, r.trace LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`,
      values,
    );
    return { total: Number(count?.n), items: rows.map(toAnswer) };
  }

  async one(run: RunId, trace: TraceId, repetition: number): Promise<AnswerDetail | null> {
    const [row] = await this.db.all(`${SELECT} WHERE r.run = $1 AND t.id = $2 AND r.repetition = $3`, [
      run,
      trace,
      repetition,
    ]);
    if (!row) return null;
    const detail = row.detail === null ? null : (JSON.parse(row.detail as string) as AnswerDetail['detail']);
    return { ...toAnswer(row), key: row.key as string | null, detail };
  }

  /** Failed items with their errors, in order of arrival. */
  async failures(
    run: RunId,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; items: FailedItem[] }> {
    const rows = await this.db.all(
      `SELECT t.id, r.repetition, coalesce(r.cause, 'judge-error') AS cause, r.error, count(*) OVER ()::INTEGER AS total
       FROM run_result r JOIN trace t ON t.seq = r.trace WHERE r.run = $1 AND r.state = ${FAILED}
       ORDER BY r.trace, r.repetition LIMIT ${Math.trunc(page.limit)} OFFSET ${Math.trunc(page.offset)}`,
      [run],
    );
    return {
      total: Number(rows[0]?.total ?? 0),
      items: rows.map((r) => ({
        trace: r.id as TraceId,
        repetition: Number(r.repetition),
        cause: r.cause as ItemCause,
        error: (r.error as string | null) ?? '',
      })),
    };
  }

  /** Failed items by cause, the most frequent first. */
  async causes(run: RunId): Promise<CauseCount[]> {
    const rows = await this.db.all(
      `SELECT coalesce(cause, 'judge-error') AS cause, count(*)::INTEGER AS n, last(error) AS example FROM run_result
       WHERE run = $1 AND state = ${FAILED} GROUP BY 1 ORDER BY n DESC, 1`,
      [run],
    );
    return rows.map((r) => ({
      cause: r.cause as ItemCause,
      count: Number(r.n),
      example: (r.example as string | null) ?? '',
    }));
  }

  /** Verdicts of a run: encoded positions by row number of the trace and repetition; null where it did not parse. */
  async verdicts(run: RunId): Promise<{ trace: TraceId; repetition: number; position: number | null }[]> {
    const rows = await this.db.all(
      `SELECT t.id, a.repetition, a.position FROM run_answer a JOIN trace t ON t.seq = a.trace
       WHERE a.run = $1 ORDER BY a.repetition, a.trace`,
      [run],
    );
    return rows.map((r) => ({
      trace: r.id as TraceId,
      repetition: Number(r.repetition),
      position: r.position === null ? null : Number(r.position),
    }));
  }

  /** Mean milliseconds at the model and waiting for a place there, of the answers that were asked for; null: none were. */
  async meanTimes(run: RunId): Promise<{ modelMs: number; queueMs: number } | null> {
    const [row] = await this.db.all(
      `SELECT avg(model_ms) AS model, avg(queue_ms) AS queue FROM run_answer WHERE run = $1 AND NOT cached`,
      [run],
    );
    return row?.model == null ? null : { modelMs: Number(row.model), queueMs: Number(row.queue) };
  }

  /** What a run without items found; null before it has. */
  async report(run: RunId): Promise<JsonValue | null> {
    const [row] = await this.db.all('SELECT body FROM run_report WHERE run = $1', [run]);
    return row ? (JSON.parse(row.body as string) as JsonValue) : null;
  }

  async saveReport(run: RunId, body: JsonValue): Promise<void> {
    await this.db.write((tx) =>
      tx.run('INSERT OR REPLACE INTO run_report VALUES ($1, $2)', [run, JSON.stringify(body)]),
    );
  }
}

const toAnswer = (r: Row): RunAnswer => ({
  trace: r.trace as TraceId,
  repetition: Number(r.repetition),
  state: Number(r.state) === FAILED ? 'failed' : 'done',
  position: r.position === null ? null : Number(r.position),
  category: r.category === null ? null : categoryName(Number(r.category)),
  confidence: r.confidence === null ? null : Number(r.confidence),
  rationale: (r.rationale as string | null) ?? '',
  cause: r.cause as ItemCause | null,
  error: r.error as string | null,
  cached: (r.cached as boolean | null) ?? false,
  inputTokens: Number(r.input_tokens ?? 0),
  outputTokens: Number(r.output_tokens ?? 0),
  cost: r.cost === null ? null : Number(r.cost),
  modelMs: Number(r.model_ms ?? 0),
  queueMs: Number(r.queue_ms ?? 0),
  attempts: Number(r.attempts ?? 0),
  at: Number(r.made_ms ?? 0),
});
