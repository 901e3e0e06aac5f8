import { INTEGER, UINTEGER, UTINYINT, VARCHAR } from '@duckdb/node-api';
import type { RunId } from '@flywheel/domain/ids';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { type Database, type Row, timestamp } from './database.ts';
import { seqList } from './trace-rows.ts';

type Config = { [key: string]: JsonValue };
export type ItemState = 'done' | 'not-applicable' | 'failed';
const ITEM_STATES: readonly ItemState[] = ['done', 'not-applicable', 'failed'];

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
  config: JSON.parse(r.config as string),
});

type Patch = Partial<
  Pick<
    RunSummary,
    'state' | 'total' | 'done' | 'failed' | 'skipped' | 'error' | 'startedAt' | 'endedAt' | 'result'
  >
>;

/** Runs, their frozen items and results. An item without a result is still to do; that is all there is to resuming. */
export class Runs {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
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

  /** Newest first. */
  async list(): Promise<RunSummary[]> {
    return (await this.db.all(`${SELECT} ORDER BY id DESC LIMIT 500`)).map(toRun);
  }

  async get(id: RunId): Promise<(RunSummary & { config: Config }) | null> {
    const [row] = await this.db.all(`${SELECT} WHERE id = $1`, [id]);
    return row ? toRun(row) : null;
  }

  async update(id: RunId, patch: Patch): Promise<void> {
    const columns = {
      ...(patch.state !== undefined && { state: patch.state }),
      ...(patch.total !== undefined && { total: patch.total }),
      ...(patch.done !== undefined && { done: patch.done }),
      ...(patch.failed !== undefined && { failed: patch.failed }),
      ...(patch.skipped !== undefined && { skipped: patch.skipped }),
      ...(patch.error !== undefined && { error: patch.error }),
      ...(patch.result !== undefined && { result: JSON.stringify(patch.result) }),
      ...(patch.startedAt !== undefined && {
        started_at: patch.startedAt === null ? null : timestamp(patch.startedAt),
      }),
      ...(patch.endedAt !== undefined && {
        ended_at: patch.endedAt === null ? null : timestamp(patch.endedAt),
      }),
    };
    const names = Object.keys(columns);
    if (names.length === 0) return;
    await this.db.write((tx) =>
      tx.run(`UPDATE run SET ${names.map((n, i) => `${n} = $${i + 2}`).join(', ')} WHERE id = $1`, [
        id,
        ...Object.values(columns),
      ]),
    );
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

  /** Keeps results; an item that has one keeps the first. */
  async record(
    id: RunId,
    results: readonly { seq: number; state: ItemState; error?: string }[],
  ): Promise<void> {
    await this.db.write(async (tx) => {
      const known = await tx.all(
        'SELECT trace FROM run_result WHERE run = $2 AND trace IN (SELECT unnest($1::UINTEGER[]))',
        [seqList(results.map((r) => r.seq)), id],
      );
      const have = new Set(known.map((r) => Number(r.trace)));
      const fresh = results.filter((r) => !have.has(r.seq) && have.add(r.seq));
      await tx.append('run_result', [
        ['run', INTEGER, fresh.map(() => id)],
        ['trace', UINTEGER, fresh.map((r) => r.seq)],
        ['state', UTINYINT, fresh.map((r) => ITEM_STATES.indexOf(r.state))],
        ['error', VARCHAR, fresh.map((r) => r.error ?? null)],
      ]);
    });
  }
}
