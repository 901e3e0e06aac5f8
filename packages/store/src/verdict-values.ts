import type { FacetValue } from '@flywheel/domain/facet';
import type { Query } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
import { compile, standsAs, type VerdictField } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

/**
 * Judges whose name holds `contains` (any case), and on how many traces their own verdict is that of the field, counted under the
 * query's other filters. Reads all judgements: it is for completion, not for the facets beside a list.
 */
export const verdictValues = async (
  db: Database,
  names: Names,
  search: Search,
  query: Query,
  field: VerdictField,
  contains: string,
): Promise<FacetValue[]> => {
  const others = { ...query, clauses: query.clauses.filter((c) => c.field !== field) };
  const where = await compile(others, names, search);
  const rows = await db.all(
    `SELECT judge, count(*)::INTEGER AS total, count(*) FILTER (WHERE hit)::INTEGER AS n
     FROM (SELECT judge, trace FROM judgement GROUP BY judge, trace HAVING ${standsAs(field)}) v
     JOIN (SELECT seq, ${where.sql} AS hit FROM trace t) s ON s.seq = v.trace GROUP BY judge`,
    where.values,
  );
  const chosen = selectedValues(query, field);
  const needle = contains.toLowerCase();
  return rows
    .map((r) => ({
      value: names.name('judge', Number(r.judge)),
      count: r.n as number,
      total: r.total as number,
    }))
    .filter((v) => v.value.toLowerCase().includes(needle))
    .sort((a, b) => b.count - a.count || b.total - a.total || (a.value < b.value ? -1 : 1))
    .map((v) => ({ ...v, label: v.value, selected: selects(chosen, v.value) }));
};
