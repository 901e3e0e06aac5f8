import type { Sort } from '@flywheel/domain/facet';
import type { Query } from '@flywheel/domain/query/ast';
import { printQuery } from '@flywheel/domain/query/print';
import { compile } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

const ORDER: Record<Sort['key'], string> = {
  arrival: 't.seq',
  problem: 't.problem',
  task: 'task_name.value',
  model: 'model_name.value',
  outcome: 't.outcome',
  steps: 't.steps',
  error: 't.first_error',
  category: 't.category',
  conflict: 't.conflict',
  usefulness: 't.usefulness',
};

const KEPT = 6;

/**
 * Ordered row numbers of (query, sort), kept for the newest few: any page of a million rows is then a slice.
 * A view is taken again once the store was written to.
 */
export class Views {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private readonly kept = new Map<string, { version: number; rows: Promise<Uint32Array> }>();

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  rows(query: Query, sort: Sort): Promise<Uint32Array> {
    const key = `${sort.key} ${sort.descending} ${printQuery(query)}`;
    const version = this.db.version;
    const kept = this.kept.get(key);
    this.kept.delete(key);
    const view = kept?.version === version ? kept : { version, rows: this.take(query, sort) };
    this.kept.set(key, view);
    view.rows.catch(() => this.kept.delete(key));
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return view.rows;
  }

  private async take(query: Query, sort: Sort): Promise<Uint32Array> {
    const where = await compile(query, this.names, this.search);
    const key = ORDER[sort.key];
    const named = sort.key === 'task' || sort.key === 'model';
    const join = named
      ? `JOIN name ${sort.key}_name ON ${sort.key}_name.kind = '${sort.key}' AND ${sort.key}_name.code = t.${sort.key}`
      : '';
    const direction = sort.descending ? 'DESC' : 'ASC';
    const order = sort.key === 'arrival' ? `t.seq ${direction}` : `${key} ${direction} NULLS LAST, t.seq`;
    return this.db.reading(async (c) => {
      const result = await c.run(
        `SELECT t.seq FROM trace t ${join} WHERE ${where.sql} ORDER BY ${order}`,
        where.values,
      );
      const rows = new Uint32Array(result.rowCount);
      let at = 0;
      for (const chunk of await result.fetchAllChunks()) {
        rows.set(chunk.getColumnValues(0) as number[], at);
        at += chunk.rowCount;
      }
      return rows.subarray(0, at);
    });
  }
}
