import type { ImportId, RunId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { packTraces, type TraceBlock } from '@flywheel/domain/trace-block';
import { type Database, StoreError, timestamp } from './database.ts';
import type { Ingest } from './ingest.ts';
import { nextOrd } from './judgement-rows.ts';

export interface ImportRow {
  id: ImportId;
  title: string;
  state: 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted' | 'undone';
  imported: number;
  duplicates: number;
  rejected: number;
  rejectsFile: string | null;
  startedAt: number;
  endedAt: number | null;
  /** The run that carries it out; null for an import that began without one. */
  run: number | null;
}

export interface ImportCounts {
  imported: number;
  duplicates: number;
  rejected: number;
  rejectsFile: string | null;
}

/** The list of imports; the rows themselves go through {@link Ingest}. */
export class Imports {
  private readonly db: Database;
  private readonly ingest: Ingest;

  constructor(db: Database, ingest: Ingest) {
    this.db = db;
    this.ingest = ingest;
  }

  async begin(about: { title: string; mapping: unknown }): Promise<ImportId> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all(
        `INSERT INTO import (title, mapping, state, started_at) VALUES ($1, $2, 'running', $3) RETURNING id`,
        [about.title, JSON.stringify(about.mapping), timestamp(Date.now())],
      );
      return Number(row?.id) as ImportId;
    });
  }

  /**
   * Begins the import of a run, or takes up again the one that the run began before it was killed or cancelled:
   * a run has one import, named in its config. `held`: traces that it has already.
   */
  async beginRun(
    run: RunId,
    about: { title: string; mapping: unknown },
  ): Promise<{ id: ImportId; held: number }> {
    return this.db.write(async (tx) => {
      const [known] = await tx.all(
        `UPDATE import SET state = 'running', ended_at = NULL
         WHERE id = (SELECT (config->>'importId')::INTEGER FROM run WHERE id = $1) RETURNING id`,
        [run],
      );
      if (known) {
        const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM trace WHERE import_id = $1', [
          Number(known.id),
        ]);
        return { id: Number(known.id) as ImportId, held: row?.n as number };
      }
      const [row] = await tx.all(
        `INSERT INTO import (title, mapping, state, started_at) VALUES ($1, $2, 'running', $3) RETURNING id`,
        [about.title, JSON.stringify(about.mapping), timestamp(Date.now())],
      );
      const id = Number(row?.id) as ImportId;
      await tx.run('UPDATE run SET config = json_merge_patch(config, $2::JSON) WHERE id = $1', [
        run,
        JSON.stringify({ importId: id }),
      ]);
      return { id, held: 0 };
    });
  }

  /** Imports that are `running` though no run works on them become `interrupted`; what they brought stays. For the start only. */
  async markInterrupted(): Promise<void> {
    await this.db.write((tx) =>
      tx.run(
        `UPDATE import SET state = 'interrupted', ended_at = $1,
           imported = (SELECT count(*) FROM trace WHERE import_id = import.id)
         WHERE state = 'running' AND id NOT IN (
           SELECT (config->>'importId')::INTEGER FROM run
           WHERE kind = 'import' AND state IN ('queued', 'running') AND (config->>'importId') IS NOT NULL)`,
        [timestamp(Date.now())],
      ),
    );
  }

  /** What a mapping made of a file, in the order of the blocks. @returns how many were new, and how many were there already */
  writeBlocks(
    id: ImportId,
    blocks: readonly TraceBlock[],
  ): Promise<{ imported: number; duplicates: number }> {
    return this.ingest.write(id, blocks);
  }

  /** {@link writeBlocks} for traces at hand. */
  write(id: ImportId, records: readonly IngestTrace[]): Promise<{ imported: number; duplicates: number }> {
    return this.ingest.write(id, [packTraces(records)]);
  }

  /** The index has caught up with what was written. Counts are null when the import failed before it knew them; what was written is counted then. */
  async finish(
    id: ImportId,
    state: 'done' | 'cancelled' | 'failed',
    counts: ImportCounts | null,
  ): Promise<void> {
    await this.ingest.settled();
    await this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM trace WHERE import_id = $1', [id]);
      const c = counts ?? { imported: row?.n as number, duplicates: 0, rejected: 0, rejectsFile: null };
      await tx.run(
        'UPDATE import SET state = $2, imported = $3, duplicates = $4, rejected = $5, rejects_file = $6, ended_at = $7 WHERE id = $1',
        [
          id,
          state,
          BigInt(c.imported),
          BigInt(c.duplicates),
          BigInt(c.rejected),
          c.rejectsFile,
          timestamp(Date.now()),
        ],
      );
    });
  }

  /** Newest first. */
  async list(): Promise<ImportRow[]> {
    const rows = await this.db.all(
      `SELECT import.*, run, epoch_ms(started_at) AS started_ms, epoch_ms(ended_at) AS ended_ms FROM import
       LEFT JOIN (SELECT max(id) AS run, (config->>'importId')::INTEGER AS of_import FROM run
                  WHERE kind = 'import' GROUP BY ALL) ON of_import = import.id
       ORDER BY id DESC`,
    );
    return rows.map((r) => ({
      id: Number(r.id) as ImportId,
      title: r.title as string,
      state: r.state as ImportRow['state'],
      imported: Number(r.imported),
      duplicates: Number(r.duplicates),
      rejected: Number(r.rejected),
      rejectsFile: r.rejects_file as string | null,
      startedAt: Number(r.started_ms),
      endedAt: r.ended_ms === null ? null : Number(r.ended_ms),
      run: r.run === null ? null : Number(r.run),
    }));
  }

  /**
   * Takes an import's traces away with everything said of them. Importing the files again brings the traces back;
   * so an import on which people worked is refused.
   */
  async undo(id: ImportId): Promise<{ removed: number }> {
    const removed = await this.db.write(async (tx) => {
      const own = 'IN (SELECT seq FROM trace WHERE import_id = $1)';
      const [reviewed] = await tx.all(`SELECT count(*)::INTEGER AS n FROM review WHERE trace ${own}`, [id]);
      if ((reviewed?.n as number) > 0)
        throw new StoreError(
          `Import ${id} holds ${reviewed?.n} reviews, which would be lost. Export them, or leave the import in.`,
        );
      const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM trace WHERE import_id = $1', [id]);
      // Row numbers are never given twice: the search index still knows the old ones.
      for (const table of ['trace', 'problem'])
        await tx.run(
          `INSERT OR REPLACE INTO setting
             SELECT 'next_${table}', to_json(greatest(max(seq) + 1, (SELECT max(value::BIGINT) FROM setting WHERE key = 'next_${table}')))
             FROM ${table} HAVING max(seq) IS NOT NULL`,
        );
      await tx.run("INSERT OR REPLACE INTO setting VALUES ('judgement_ord', to_json($1::BIGINT))", [
        BigInt(await nextOrd(tx)),
      ]);
      for (const table of [
        'judgement',
        'trace_tag',
        'selection_item',
        'run_item',
        'run_result',
        'run_answer',
        'pin',
        'trace_judge',
        'bulk_act_item',
        'trace_score',
        'trace_parent',
      ])
        await tx.run(`DELETE FROM ${table} WHERE trace ${own}`, [id]);
      await tx.run(`DELETE FROM trace_parent WHERE parent ${own}`, [id]);
      await tx.run(`DELETE FROM trace_body WHERE seq ${own}`, [id]);
      await tx.run('DELETE FROM trace WHERE import_id = $1', [id]);
      await tx.run('DELETE FROM problem WHERE seq NOT IN (SELECT problem FROM trace)');
      await tx.run(`UPDATE import SET state = 'undone' WHERE id = $1`, [id]);
      this.ingest.forget();
      return row?.n as number;
    });
    return { removed };
  }
}
