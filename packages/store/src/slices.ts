import { INTEGER, UINTEGER } from '@duckdb/node-api';
import type { SelectionId, SliceId } from '@flywheel/domain/ids';
import type { Query } from '@flywheel/domain/query/ast';
import { type Database, StoreError, timestamp } from './database.ts';
import type { Traces } from './traces.ts';

export interface Slice {
  id: SliceId;
  name: string;
  query: string;
}

/** Saved queries: each re-resolves as traces arrive. */
export class Slices {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async list(): Promise<Slice[]> {
    const rows = await this.db.all('SELECT id, name, query FROM slice ORDER BY name');
    return rows.map((r) => ({
      id: Number(r.id) as SliceId,
      name: r.name as string,
      query: r.query as string,
    }));
  }

  /** Saves under a name; an existing slice of that name takes the new query. */
  async save(name: string, query: string): Promise<Slice> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all(
        'INSERT INTO slice (name, query, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET query = excluded.query RETURNING id',
        [name, query, timestamp(Date.now())],
      );
      return { id: Number(row?.id) as SliceId, name, query };
    });
  }

  async rename(id: SliceId, name: string): Promise<void> {
    await this.db.write((tx) => tx.run('UPDATE slice SET name = $2 WHERE id = $1', [id, name]));
  }

  /** @returns what was removed: saving it again undoes this */
  async remove(id: SliceId): Promise<{ name: string; query: string }> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all('DELETE FROM slice WHERE id = $1 RETURNING name, query', [id]);
      if (!row) throw new StoreError(`There is no slice ${id}.`);
      return { name: row.name as string, query: row.query as string };
    });
  }
}

export interface Selection {
  id: SelectionId;
  name: string;
  query: string;
  size: number;
}

/** Frozen lists of traces. */
export class Selections {
  private readonly db: Database;
  private readonly traces: Traces;

  constructor(db: Database, traces: Traces) {
    this.db = db;
    this.traces = traces;
  }

  async list(): Promise<Selection[]> {
    const rows = await this.db.all(
      'SELECT s.id, s.name, s.query, count(i.trace)::INTEGER AS size FROM selection s LEFT JOIN selection_item i ON i.selection = s.id GROUP BY ALL ORDER BY s.name',
    );
    return rows.map((r) => ({
      id: Number(r.id) as SelectionId,
      name: r.name as string,
      query: r.query as string,
      size: r.size as number,
    }));
  }

  /** Freezes what the query selects now; an existing selection of that name grows by it. */
  async freeze(name: string, text: string, query: Query): Promise<{ id: SelectionId; added: number }> {
    const seqs = await this.traces.seqs(query);
    return this.db.write(async (tx) => {
      const [found] = await tx.all('SELECT id FROM selection WHERE name = $1', [name]);
      const [row] = found
        ? [found]
        : await tx.all('INSERT INTO selection (name, query, created_at) VALUES ($1, $2, $3) RETURNING id', [
            name,
            text,
            timestamp(Date.now()),
          ]);
      const id = Number(row?.id) as SelectionId;
      const had = await tx.all('SELECT trace FROM selection_item WHERE selection = $1', [id]);
      const known = new Set(had.map((r) => Number(r.trace)));
      const fresh = [...seqs].filter((s) => !known.has(s));
      await tx.append('selection_item', [
        ['selection', INTEGER, fresh.map(() => id)],
        ['trace', UINTEGER, fresh],
      ]);
      return { id, added: fresh.length };
    });
  }

  async rename(id: SelectionId, name: string): Promise<void> {
    await this.db.write((tx) => tx.run('UPDATE selection SET name = $2 WHERE id = $1', [id, name]));
  }

  async remove(id: SelectionId): Promise<void> {
    await this.db.write(async (tx) => {
      await tx.run('DELETE FROM selection_item WHERE selection = $1', [id]);
      await tx.run('DELETE FROM selection WHERE id = $1', [id]);
    });
  }
}
