import { type DuckDBValue, INTEGER, listValue, UINTEGER, UTINYINT, VARCHAR } from '@duckdb/node-api';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { type Database, type Row, timestamp, type Writer } from './database.ts';
import { keepJudgements } from './judgements.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import { seqList } from './trace-rows.ts';

type Config = { [key: string]: JsonValue };
export type ItemState = 'done' | 'not-applicable' | 'failed';
const ITEM_STATES: readonly ItemState[] = ['done', 'not-applicable', 'failed'];
const FAILED = ITEM_STATES.indexOf('failed');

/** What a run became for one item; `judgement` only with `done`. */
export interface ItemResult {
  /** Row number of the trace. */
  seq: number;
  state: ItemState;
  error?: string;
  judgement?: Judgement;
}

/** Counts of items. `total - done - failed - skipped` are still to do; `flawed` of `done` were found flawed. */
export interface Tally {
  total: number;
  done: number;
  failed: number;
  skipped: number;
  flawed: number;
}

export interface FailedItem {
  trace: TraceId;
  error: string;
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
  spend: null,
  flight: null,
  config: JSON.parse(r.config as string),
});

type Patch = Partial<
  Pick<
    RunSummary,
    'state' | 'total' | 'done' | 'failed' | 'skipped' | 'error' | 'startedAt' | 'endedAt' | 'result'
  >
>;

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

  /** Fixes the run's items once; a second call with items present changes nothing. */
  async freeze(id: RunId, seqs: Uint32Array): Promise<void> {
    await this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM run_item WHERE run = $1', [id]);
      if ((row?.n as number) > 0) return;
      const items = [...seqs];
      await tx.append('run_item', [
        ['run', INTEGER, items.map(() => id)],
        ['trace', UINTEGER, items],
      ]);
      await tx.run('UPDATE run SET total = $2 WHERE id = $1', [id, BigInt(items.length)]);
    });
  }

  /** Items without a result, at most `limit`, in order of arrival. */
  async missing(id: RunId, limit: number): Promise<Uint32Array> {
    const rows = await this.db.all(
      `SELECT trace FROM run_item WHERE run = $1 AND trace NOT IN (SELECT trace FROM run_result WHERE run = $1) ORDER BY trace LIMIT ${Math.trunc(limit)}`,
      [id],
    );
    return Uint32Array.from(rows, (r) => Number(r.trace));
  }

  /**
   * Keeps results with their judgements; an item that has a result keeps the first, and one that is not of the run
   * (its import was undone meanwhile) is passed over. Returns what was kept of them.
   */
  async record(id: RunId, results: readonly ItemResult[]): Promise<Omit<Tally, 'total'>> {
    const { fresh, rationales } = await this.db.write(async (tx) => {
      const open = await tx.all(
        `SELECT trace FROM run_item WHERE run = $2 AND trace IN (SELECT unnest($1::UINTEGER[]))
           AND trace NOT IN (SELECT trace FROM run_result WHERE run = $2)`,
        [seqList(results.map((r) => r.seq)), id],
      );
      const wanted = new Set(open.map((r) => Number(r.trace)));
      const fresh = results.filter((r) => wanted.delete(r.seq));
      const judged = fresh.flatMap((r) => (r.judgement ? [{ seq: r.seq, judgement: r.judgement }] : []));
      const rationales = await keepJudgements(
        tx,
        this.names,
        judged.map((r) => r.judgement),
        judged.map((r) => r.seq),
        id,
      );
      await tx.append('run_result', [
        ['run', INTEGER, fresh.map(() => id)],
        ['trace', UINTEGER, fresh.map((r) => r.seq)],
        ['state', UTINYINT, fresh.map((r) => ITEM_STATES.indexOf(r.state))],
        ['error', VARCHAR, fresh.map((r) => r.error ?? null)],
      ]);
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
      `SELECT (SELECT count(*) FROM run_item WHERE run = $1)::INTEGER AS total,
         count(*) FILTER (state = 0)::INTEGER AS done, count(*) FILTER (state = 1)::INTEGER AS skipped,
         count(*) FILTER (state = 2)::INTEGER AS failed,
         (SELECT count(DISTINCT trace) FROM judgement WHERE run_id = $1 AND position <> -1)::INTEGER AS flawed
       FROM run_result WHERE run = $1`,
      [id],
    );
    const tally = row as unknown as Tally;
    return tally.total === 0 ? null : tally;
  }

  /**
   * Takes the results of failed items away, so that they are to do again, and patches the run if there were any, in one
   * transaction.
   * `trace`: only that item. Returns how many items were reopened.
   */
  async reopen(id: RunId, patch: Patch, trace?: TraceId): Promise<number> {
    return this.db.write(async (tx) => {
      const only = trace === undefined ? '' : ' AND trace IN (SELECT seq FROM trace WHERE id = $2)';
      const gone = await tx.all(
        `DELETE FROM run_result WHERE run = $1 AND state = ${FAILED}${only} RETURNING trace`,
        trace === undefined ? [id] : [id, trace],
      );
      if (gone.length > 0) await patchRun(tx, id, patch);
      return gone.length;
    });
  }

  /** Failed items with their errors, in order of arrival. */
  async failures(
    id: RunId,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; items: FailedItem[] }> {
    const rows = await this.db.all(
      `SELECT t.id, r.error, count(*) OVER ()::INTEGER AS total FROM run_result r JOIN trace t ON t.seq = r.trace
       WHERE r.run = $1 AND r.state = ${FAILED} ORDER BY r.trace LIMIT ${Math.trunc(page.limit)} OFFSET ${Math.trunc(page.offset)}`,
      [id],
    );
    return {
      total: Number(rows[0]?.total ?? 0),
      items: rows.map((r) => ({ trace: r.id as TraceId, error: (r.error as string | null) ?? '' })),
    };
  }
}

const patchRun = async (tx: Writer, id: RunId, patch: Patch): Promise<void> => {
  const time = (ms: number | null) => (ms === null ? null : timestamp(ms));
  const columns: [string, DuckDBValue][] = [];
  for (const key of ['state', 'total', 'done', 'failed', 'skipped', 'error'] as const)
    if (patch[key] !== undefined) columns.push([key, patch[key]]);
  if (patch.result !== undefined) columns.push(['result', JSON.stringify(patch.result)]);
  if (patch.startedAt !== undefined) columns.push(['started_at', time(patch.startedAt)]);
  if (patch.endedAt !== undefined) columns.push(['ended_at', time(patch.endedAt)]);
  if (columns.length === 0) return;
  await tx.run(
    `UPDATE run SET ${columns.map(([name], i) => `${name} = $${i + 2}`).join(', ')} WHERE id = $1`,
    [id, ...columns.map(([, value]) => value)],
  );
};
