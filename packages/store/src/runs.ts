import { type DuckDBValue, listValue } from '@duckdb/node-api';
import type { RunSpend } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import type { RunState, RunSummary } from '@flywheel/domain/run';
import type { ItemResult, RunItem, Tally } from '@flywheel/domain/run-item';
import type { FailedOnly, RunConfig, RunPatch } from '@flywheel/domain/run-record';
import { type Database, timestamp } from './database.ts';
import { countKept, keepResults } from './keep-results.ts';
import type { Names } from './names.ts';
import { FAILED } from './run-items.ts';
import { RunPlan } from './run-plan.ts';
import { patchRun, SELECT_RUN, toRun } from './run-rows.ts';
import { addReopened, difference, keptSpend, reopenedOf } from './run-spend.ts';
import type { Search } from './search/search.ts';

/**
 * Runs, their frozen items and results. An item without a result is still to do; that is all there is to resuming.
 * An item's verdict and its result are one transaction, so that a kill loses neither and doubles neither.
 */
export class Runs {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private readonly plan: RunPlan;

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
    this.plan = new RunPlan(db);
  }

  async create(
    run: Pick<RunSummary, 'kind' | 'title' | 'subject' | 'fingerprint'> & { config: RunConfig },
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
      ? await this.db.all(`${SELECT_RUN} WHERE state IN (SELECT unnest($1::VARCHAR[])) ORDER BY id DESC`, [
          listValue([...states]),
        ])
      : await this.db.all(`${SELECT_RUN} ORDER BY id DESC LIMIT 500`);
    return rows.map((r) => {
      const { config: _config, ...run } = toRun(r);
      return run;
    });
  }

  async get(id: RunId): Promise<(RunSummary & { config: RunConfig }) | null> {
    const [row] = await this.db.all(`${SELECT_RUN} WHERE id = $1`, [id]);
    return row ? toRun(row) : null;
  }

  async update(id: RunId, patch: RunPatch): Promise<void> {
    await this.db.write((tx) => patchRun(tx, id, patch));
  }

  /** Fixes the run's items once, each `repetitions` times; a second call with items present changes nothing. */
  freeze(id: RunId, seqs: Uint32Array, repetitions = 1): Promise<void> {
    return this.plan.freeze(id, seqs, repetitions);
  }

  /** Adds those traces that are not among the run's, and says that it now has another fingerprint; returns how many they were. */
  addItems(id: RunId, seqs: Uint32Array, fingerprint: string): Promise<number> {
    return this.plan.add(id, seqs, fingerprint);
  }

  /** Row numbers of the traces that a run is about, in order of arrival. */
  itemSeqs(id: RunId): Promise<Uint32Array> {
    return this.plan.seqs(id);
  }

  /** Items without a result, at most `limit`, by repetition, then in order of arrival. */
  missing(id: RunId, limit: number): Promise<RunItem[]> {
    return this.plan.missing(id, limit);
  }

  /**
   * Keeps results with their answers and judgements; an item that has a result keeps the first, and one that is not of
   * the run (its import was undone meanwhile) is passed over. Returns what was kept of them.
   */
  async record(id: RunId, results: readonly ItemResult[]): Promise<Omit<Tally, 'total'>> {
    const { fresh, rationales } = await this.db.write((tx) => keepResults(tx, this.names, id, results));
    if (rationales.length > 0) await this.search.addRationales(rationales);
    return countKept(fresh);
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

  /** What the run used up: its kept answers, those that a retry threw away, and the tries of calls that failed. */
  async spend(id: RunId): Promise<RunSpend> {
    const [kept, row] = await Promise.all([
      keptSpend((sql, values) => this.db.all(sql, values), id),
      this.db.all('SELECT reopened FROM run WHERE id = $1', [id]),
    ]);
    return addReopened(kept, reopenedOf(row[0]));
  }

  /**
   * Takes the results (and unreadable answers) of failed items away, so that they are to do again, and patches the run if
   * there were any, in one transaction. What they cost stays counted. Returns how many items were reopened.
   */
  async reopen(id: RunId, patch: RunPatch, only: FailedOnly = {}): Promise<number> {
    const where: string[] = [];
    const values: DuckDBValue[] = [id];
    if (only.trace !== undefined)
      where.push(`AND trace IN (SELECT seq FROM trace WHERE id = $${values.push(only.trace)})`);
    if (only.cause !== undefined) where.push(`AND cause = $${values.push(only.cause)}`);
    const write = this.db.write(async (tx) => {
      const all = (sql: string, of?: DuckDBValue[]) => tx.all(sql, of);
      const before = await keptSpend(all, id);
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
      const lost = difference(before, await keptSpend(all, id));
      const [row] = await tx.all('SELECT reopened FROM run WHERE id = $1', [id]);
      await tx.run('UPDATE run SET reopened = $2 WHERE id = $1', [
        id,
        JSON.stringify(addReopened(lost, reopenedOf(row))),
      ]);
      await patchRun(tx, id, patch);
      return gone.length;
    });
    return this.plan.changing(write);
  }
}
