import { type DuckDBValue, listValue } from '@duckdb/node-api';
import type { ItemCause, RunSpend } from '@flywheel/domain/critique';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { type Database, type Row, timestamp, type Writer } from './database.ts';
import { keepJudgements } from './judgements.ts';
import type { Names } from './names.ts';
import {
  appendItems,
  appendResults,
  FAILED,
  type ItemResult,
  type ItemState,
  type RunItem,
  withoutResult,
} from './run-items.ts';
import type { Search } from './search/search.ts';

type Config = { [key: string]: JsonValue };
/** Counts of items. `total - done - failed - skipped` are still to do; `flawed` of `done` were found flawed. */
export interface Tally {
  total: number;
  done: number;
  failed: number;
  skipped: number;
  flawed: number;
}

const SELECT = `SELECT *, epoch_ms(created_at) AS created_ms, epoch_ms(started_at) AS started_ms, epoch_ms(ended_at) AS ended_ms FROM run`;
const ms = (v: unknown): number | null => (v === null ? null : Number(v));

const toRun = (r: Row): RunSummary & { config: Config } => ({
  id: Number(r.id),
  kind: r.kind as RunSummary['kind'],
  title: r.title as string,
  state: r.state as RunState,
  subject: r.subject as string,
  fingerprint: r.fingerprint as string,
  total: r.total === null ? null : Number(r.total),
  done: Number(r.done),
  failed: Number(r.failed),
  skipped: Number(r.skipped),
  progress: null,
  error: r.error as string | null,
  createdAt: Number(r.created_ms),
  startedAt: ms(r.started_ms),
  endedAt: ms(r.ended_ms),
  result: JSON.parse(r.result as string),
  spend: r.spend === null ? null : JSON.parse(r.spend as string),
  flight: null,
  config: JSON.parse(r.config as string),
});

type Patch = Partial<
  Pick<
    RunSummary,
    | 'state'
    | 'total'
    | 'done'
    | 'failed'
    | 'skipped'
    | 'error'
    | 'startedAt'
    | 'endedAt'
    | 'result'
    | 'spend'
    | 'fingerprint'
  >
> & { config?: Config };

/** Which failed items are meant: those of one trace, or of one cause; all where neither is given. */
export interface FailedOnly {
  trace?: TraceId | undefined;
  cause?: ItemCause | undefined;
}

/**
 * Runs, their frozen items and results. An item without a result is still to do; that is all there is to resuming.
 * An item's verdict and its result are one transaction, so that a kill loses neither and doubles neither.
 */
export class Runs {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  async create(
    run: Pick<RunSummary, 'kind' | 'title' | 'subject' | 'fingerprint'> & { config: Config },
  ): Promise<RunId> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all(
        `INSERT INTO run (kind, title, state, subject, fingerprint, config, created_at) VALUES ($1, $2, 'queued', $3, $4, $5, $6) RETURNING id`,
        [
          run.kind,
          run.title,
          run.subject,
          run.fingerprint,
          JSON.stringify(run.config),
          timestamp(Date.now()),
        ],
      );
      return Number(row?.id) as RunId;
    });
  }

  /** The newest 500, newest first; with `states`, all that are in one of them. */
  async list(states?: readonly RunState[]): Promise<RunSummary[]> {
    const rows = states
      ? await this.db.all(`${SELECT} WHERE state IN (SELECT unnest($1::VARCHAR[])) ORDER BY id DESC`, [
          listValue([...states]),
        ])
      : await this.db.all(`${SELECT} ORDER BY id DESC LIMIT 500`);
    return rows.map((r) => {
      const { config: _config, ...run } = toRun(r);
      return run;
    });
  }

  async get(id: RunId): Promise<(RunSummary & { config: Config }) | null> {
    const [row] = await this.db.all(`${SELECT} WHERE id = $1`, [id]);
    return row ? toRun(row) : null;
  }

  async update(id: RunId, patch: Patch): Promise<void> {
    await this.db.write((tx) => patchRun(tx, id, patch));
  }

  /** Fixes the run's items once, each `repetitions` times; a second call with items present changes nothing. */
  async freeze(id: RunId, seqs: Uint32Array, repetitions = 1): Promise<void> {
    await this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM run_item WHERE run = $1', [id]);
      if ((row?.n as number) > 0) return;
      await appendItems(tx, id, [...seqs]);
      await tx.run('UPDATE run SET repetitions = $2, total = $3 WHERE id = $1', [
        id,
        repetitions,
        BigInt(seqs.length * repetitions),
      ]);
    });
  }

  /** Adds those traces that are not among the run's, and says that it now has another fingerprint; returns how many they were. */
  async addItems(id: RunId, seqs: Uint32Array, fingerprint: string): Promise<number> {
    return this.db.write(async (tx) => {
      const there = new Set(
        (await tx.all('SELECT trace FROM run_item WHERE run = $1', [id])).map((r) => Number(r.trace)),
      );
      const fresh = [...new Set(seqs)].filter((seq) => !there.has(seq));
      if (fresh.length === 0) return 0;
      await appendItems(tx, id, fresh);
      await tx.run('UPDATE run SET fingerprint = $2, total = $3::BIGINT * repetitions WHERE id = $1', [
        id,
        fingerprint,
        BigInt(there.size + fresh.length),
      ]);
      return fresh.length;
    });
  }

  /** Row numbers of the traces that a run is about, in order of arrival. */
  async itemSeqs(id: RunId): Promise<Uint32Array> {
    const rows = await this.db.all('SELECT trace FROM run_item WHERE run = $1 ORDER BY trace', [id]);
    return Uint32Array.from(rows, (r) => Number(r.trace));
  }

  /** Items without a result, at most `limit`, by repetition, then in order of arrival. */
  async missing(id: RunId, limit: number): Promise<RunItem[]> {
    const rows = await this.db.all(
      `SELECT i.trace, n.repetition FROM (SELECT trace FROM run_item WHERE run = $1) i
         CROSS JOIN (SELECT unnest(range(repetitions)) AS repetition FROM run WHERE id = $1) n
         ANTI JOIN (SELECT trace, repetition FROM run_result WHERE run = $1) r
           ON r.trace = i.trace AND r.repetition = n.repetition
       ORDER BY n.repetition, i.trace LIMIT ${Math.trunc(limit)}`,
      [id],
    );
    return rows.map((r) => ({ seq: Number(r.trace), repetition: Number(r.repetition) }));
  }

  /**
   * Keeps results with their answers and judgements; an item that has a result keeps the first, and one that is not of
   * the run (its import was undone meanwhile) is passed over. Returns what was kept of them.
   */
  async record(id: RunId, results: readonly ItemResult[]): Promise<Omit<Tally, 'total'>> {
    const { fresh, rationales } = await this.db.write(async (tx) => {
      const fresh = await withoutResult(tx, id, results);
      const judged = fresh.flatMap((r) => (r.judgement ? [{ seq: r.seq, judgement: r.judgement }] : []));
      const rationales = await keepJudgements(
        tx,
        this.names,
        judged.map((r) => r.judgement),
        judged.map((r) => r.seq),
        id,
      );
      await appendResults(tx, id, fresh);
      return { fresh, rationales };
    });
    if (rationales.length > 0) await this.search.addRationales(rationales);
    const of = (state: ItemState): number => fresh.filter((r) => r.state === state).length;
    return {
      done: of('done'),
      failed: of('failed'),
      skipped: of('not-applicable'),
      flawed: fresh.filter((r) => r.judgement?.verdict === 'flawed').length,
    };
  }

  /** A run's counts from its items and results, not from what was last saved; null when it has no items (imports, exports). */
  async tally(id: RunId): Promise<Tally | null> {
    const [row] = await this.db.all(
      `SELECT (SELECT count(*) FROM run_item WHERE run = $1)::INTEGER * (SELECT repetitions FROM run WHERE id = $1)::INTEGER AS total,
         count(*) FILTER (state = 0)::INTEGER AS done, count(*) FILTER (state = 1)::INTEGER AS skipped,
         count(*) FILTER (state = 2)::INTEGER AS failed,
         (SELECT count(DISTINCT trace) FROM judgement WHERE run_id = $1 AND position <> -1)::INTEGER AS flawed
       FROM run_result WHERE run = $1`,
      [id],
    );
    const tally = row as unknown as Tally;
    return tally.total === 0 ? null : tally;
  }

  /** What the kept answers of a run cost, and the tries of those that failed. */
  async spend(id: RunId): Promise<RunSpend> {
    const [row] = await this.db.all(
      `SELECT (coalesce(sum(attempts) FILTER (NOT cached), 0)
           + (SELECT coalesce(sum((detail ->> '$.attempts')::INTEGER), 0) FROM run_result WHERE run = $1 AND state = ${FAILED}))::INTEGER AS calls,
         count(*) FILTER (cached)::INTEGER AS cached, count(*) FILTER (position IS NULL)::INTEGER AS "parseFailures",
         coalesce(sum(input_tokens) FILTER (NOT cached), 0)::DOUBLE AS "inputTokens",
         coalesce(sum(output_tokens) FILTER (NOT cached), 0)::DOUBLE AS "outputTokens",
         sum(cost) FILTER (NOT cached) AS cost
       FROM run_answer WHERE run = $1`,
      [id],
    );
    return row as unknown as RunSpend;
  }

  /**
   * Takes the results (and unreadable answers) of failed items away, so that they are to do again, and patches the run if
   * there were any, in one transaction. Returns how many items were reopened.
   */
  async reopen(id: RunId, patch: Patch, only: FailedOnly = {}): Promise<number> {
    const where: string[] = [];
    const values: DuckDBValue[] = [id];
    if (only.trace !== undefined)
      where.push(`AND trace IN (SELECT seq FROM trace WHERE id = $${values.push(only.trace)})`);
    if (only.cause !== undefined) where.push(`AND cause = $${values.push(only.cause)}`);
    return this.db.write(async (tx) => {
      const gone = await tx.all(
        `DELETE FROM run_result WHERE run = $1 AND state = ${FAILED} ${where.join(' ')} RETURNING trace`,
        values,
      );
      if (gone.length === 0) return 0;
      await tx.run(
        `DELETE FROM run_answer a WHERE a.run = $1 AND NOT EXISTS (
           SELECT 1 FROM run_result r WHERE r.run = $1 AND r.trace = a.trace AND r.repetition = a.repetition)`,
        [id],
      );
      await patchRun(tx, id, patch);
      return gone.length;
    });
  }
}

const patchRun = async (tx: Writer, id: RunId, patch: Patch): Promise<void> => {
  const time = (ms: number | null) => (ms === null ? null : timestamp(ms));
  const columns: [string, DuckDBValue][] = [];
  for (const key of ['state', 'total', 'done', 'failed', 'skipped', 'error', 'fingerprint'] as const)
    if (patch[key] !== undefined) columns.push([key, patch[key]]);
  if (patch.result !== undefined) columns.push(['result', JSON.stringify(patch.result)]);
  if (patch.spend !== undefined) columns.push(['spend', patch.spend && JSON.stringify(patch.spend)]);
  if (patch.config !== undefined) columns.push(['config', JSON.stringify(patch.config)]);
  if (patch.startedAt !== undefined) columns.push(['started_at', time(patch.startedAt)]);
  if (patch.endedAt !== undefined) columns.push(['ended_at', time(patch.endedAt)]);
  if (columns.length === 0) return;
  await tx.run(
    `UPDATE run SET ${columns.map(([name], i) => `${name} = $${i + 2}`).join(', ')} WHERE id = $1`,
    [id, ...columns.map(([, value]) => value)],
  );
};
