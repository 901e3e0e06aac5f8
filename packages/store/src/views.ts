import type { DuckDBBitValue } from '@duckdb/node-api';
import type { Sort } from '@flywheel/domain/facet';
import type { Query } from '@flywheel/domain/query/ast';
import { printQuery } from '@flywheel/domain/query/print';
import { compile, isFew } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import { Bitmap } from './search/bitmap.ts';
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
const ORDER: Record<Exclude<Sort['key'], 'arrival'>, { keys: string[]; join?: string }> = {
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

interface View {
  version: string;
  rows: Promise<Uint32Array>;
}

/**
 * Ordered row numbers of (query, sort), kept for the newest few: any page of a million rows is then a slice.
 * A view is taken again once the store was written to.
 */
export class Views {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private readonly kept = new Map<string, View>();

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  rows(query: Query, sort: Sort): Promise<Uint32Array> {
    const key = keyOf(query, sort);
    const kept = this.fresh(query, sort);
    this.kept.delete(key);
    const view = kept ?? { version: this.version(query), rows: this.take(query, sort) };
    this.kept.set(key, view);
    view.rows.catch(() => this.kept.delete(key));
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return view.rows;
  }

  private fresh(query: Query, sort: Sort): View | null {
    const kept = this.kept.get(keyOf(query, sort));
    return kept?.version === this.version(query) ? kept : null;
  }

  /** The index follows the store: a list taken between the two is stale once it has caught up. */
  private version(query: Query): string {
    return query.text === null ? `${this.db.version}` : `${this.db.version} ${this.search.version}`;
  }

  private async take(query: Query, sort: Sort): Promise<Uint32Array> {
    const hits = query.text === null ? null : await this.search.match(query.text);
    const others = { ...query, text: null };
    // Who searches has most often looked at the same list without the search.
    const list = hits && this.fresh(others, sort);
    if (list) return hits.among(await list.rows);
    if (sort.key !== 'arrival') return this.sorted(query, sort.key, sort.descending);
    const rows =
      hits && !isFew(hits) ? hits.and(await this.arrived(others)).rows() : (await this.arrived(query)).rows();
    return sort.descending ? rows.reverse() : rows;
  }

  /** As bits, which come out of DuckDB at a fraction of what as many numbers cost, and are in order. */
  private async arrived(query: Query): Promise<Bitmap> {
    const where = await compile(query, this.names, this.search);
    const [last] = await this.db.all('SELECT max(seq) AS seq FROM trace');
    // Whole bytes: DuckDB would put what is missing before the first bit.
    const size = Math.ceil((Number(last?.seq ?? -1) + 1) / 8) * 8;
    if (size === 0) return new Bitmap(0);
    return this.db.reading(async (c) => {
      const result = await c.runAndReadAll(
        `SELECT bitstring_agg(t.seq, 0::UINTEGER, ${size - 1}::UINTEGER) FROM trace t WHERE t.seq < ${size} AND ${where.sql}`,
        where.values,
      );
      const bits = result.value(0, 0) as DuckDBBitValue | null;
      return new Bitmap(size, bits ? Uint8Array.from(bits.data.subarray(1)) : undefined);
    });
  }

  private async sorted(query: Query, key: keyof typeof ORDER, descending: boolean): Promise<Uint32Array> {
    const where = await compile(query, this.names, this.search);
    const { keys, join = '' } = ORDER[key];
    const direction = descending ? 'DESC' : 'ASC';
    const order = [...keys.map((key) => `${key} ${direction} NULLS LAST`), 't.seq'].join(', ');
    return this.db.reading(async (c) => {
      const result = await c.run(
        `SELECT t.seq FROM trace t ${join} WHERE ${where.sql} ORDER BY ${order}`,
        where.values,
      );
      const rows = new Uint32Array(result.rowCount);
      let at = 0;
      for (const chunk of await result.fetchAllChunks())
        chunk.visitColumnValues(0, (seq) => {
          rows[at++] = seq as number;
        });
      return rows.subarray(0, at);
    });
  }
}

const keyOf = (query: Query, sort: Sort): string => `${sort.key} ${sort.descending} ${printQuery(query)}`;
