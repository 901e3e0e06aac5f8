import type { Sort } from '@flywheel/domain/facet';
import type { Query } from '@flywheel/domain/query/ast';
import { printQuery } from '@flywheel/domain/query/print';
import { compile } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

/** Texts of answers by number where they are numbers, then by letter. */
const numberThenText = (column: string): string[] => [
  `try_cast(replace(${column}, ',', '') AS DOUBLE)`,
  column,
];

const nameOf = (kind: 'task' | 'model') => ({
  keys: ['sort_name.value'],
  join: `JOIN name sort_name ON sort_name.kind = '${kind}' AND sort_name.code = t.${kind}`,
});

/** What a list is ordered by, and the table that holds it where `trace` does not. */
const ORDER: Record<Sort['key'], { keys: string[]; join?: string }> = {
  arrival: { keys: [] },
  problem: { keys: ['t.problem'] },
  task: nameOf('task'),
  model: nameOf('model'),
  outcome: { keys: ['t.outcome'] },
  answer: { keys: numberThenText('body.answer'), join: 'JOIN trace_body body ON body.seq = t.seq' },
  reference: {
    keys: numberThenText('asked.reference'),
    join: 'JOIN problem asked ON asked.seq = t.problem',
  },
  steps: { keys: ['t.steps'] },
  error: { keys: ['t.first_error'] },
  category: { keys: ['t.category'] },
  conflict: { keys: ['t.conflict'] },
  usefulness: { keys: ['t.usefulness'] },
  surprise: { keys: ['t.surprise'] },
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
  private readonly kept = new Map<string, { version: string; rows: Promise<Uint32Array> }>();

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  rows(query: Query, sort: Sort): Promise<Uint32Array> {
    const key = `${sort.key} ${sort.descending} ${printQuery(query)}`;
    // The index follows the store: a list taken between the two is stale once it has caught up.
    const version = `${this.db.version} ${this.search.version}`;
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
    const { keys, join = '' } = ORDER[sort.key];
    const direction = sort.descending ? 'DESC' : 'ASC';
    const ties = keys.length === 0 ? `t.seq ${direction}` : 't.seq';
    const order = [...keys.map((key) => `${key} ${direction} NULLS LAST`), ties].join(', ');
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
