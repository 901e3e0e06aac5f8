import type { Query } from '@flywheel/domain/query/ast';
import { compile } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

/** Of some traces: how many there are, and how many of those that somebody looked at are flawed. */
export interface FlawCounts {
  n: number;
  /** With a verdict of verifiers, and those that they found flawed. */
  verified: number;
  verifiedFlawed: number;
  /** Gold: people's verdicts. */
  gold: number;
  goldFlawed: number;
  /** Whose answer is known to be right or wrong, and the wrong ones. */
  answered: number;
  wrong: number;
}

/** How good a filter is at finding flaws. */
export class RuleFigures {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  async counts(query: Query): Promise<FlawCounts> {
    const where = await compile(query, this.names, this.search);
    const [row] = await this.db.all(
      `SELECT count(*)::INTEGER AS n, count(t.verifier_at)::INTEGER AS verified,
         count(*) FILTER (t.verifier_at <> -1)::INTEGER AS "verifiedFlawed",
         count(t.human_at)::INTEGER AS gold, count(*) FILTER (t.human_at <> -1)::INTEGER AS "goldFlawed",
         count(*) FILTER (t.outcome IN (1, 2))::INTEGER AS answered, count(*) FILTER (t.outcome = 2)::INTEGER AS wrong
       FROM trace t WHERE ${where.sql}`,
      where.values,
    );
    return row as unknown as FlawCounts;
  }

  /** The surprise, in nats a token, that `share` of the scored traces of a query do not pass; null: none is scored. */
  async surpriseQuantile(query: Query, share: number): Promise<number | null> {
    const where = await compile(query, this.names, this.search);
    const [row] = await this.db.all(
      `SELECT quantile_disc(t.surprise, ${Math.min(1, Math.max(0, share))}) AS at FROM trace t
       WHERE t.surprise IS NOT NULL AND ${where.sql}`,
      where.values,
    );
    return row?.at == null ? null : Number(row.at) / 10;
  }
}
