import { INTEGER, UINTEGER, VARCHAR } from '@duckdb/node-api';
import type { CriticId } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import type { Database } from './database.ts';
import { seqsIn } from './judgements.ts';

/** Samples that stand beside a critic's prompt while it is written. They go with the import that is undone. */
export class Pins {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** In the order in which they were pinned. */
  async list(critic: CriticId): Promise<TraceId[]> {
    const rows = await this.db.all(
      'SELECT t.id FROM pin p JOIN trace t ON t.seq = p.trace WHERE p.critic = $1 ORDER BY p.ord',
      [critic],
    );
    return rows.map((r) => r.id as TraceId);
  }

  /** Pins traces behind those that are; one that is pinned stays where it is. Throws {@link StoreError} for an unknown trace. */
  async add(critic: CriticId, ids: readonly TraceId[]): Promise<void> {
    await this.db.write(async (tx) => {
      const seqs = new Set(await seqsIn(tx, ids));
      const there = await tx.all('SELECT trace, ord FROM pin WHERE critic = $1', [critic]);
      for (const r of there) seqs.delete(Number(r.trace));
      const next = Math.max(-1, ...there.map((r) => Number(r.ord))) + 1;
      const fresh = [...seqs];
      await tx.append('pin', [
        ['critic', VARCHAR, fresh.map(() => critic)],
        ['trace', UINTEGER, fresh],
        ['ord', INTEGER, fresh.map((_, i) => next + i)],
      ]);
    });
  }

  async remove(critic: CriticId, ids: readonly TraceId[]): Promise<void> {
    await this.db.write((tx) =>
      tx.run(
        `DELETE FROM pin WHERE critic = $1
           AND trace IN (SELECT seq FROM trace WHERE id IN (SELECT unnest(from_json($2, '["VARCHAR"]'))))`,
        [critic, JSON.stringify(ids)],
      ),
    );
  }
}
