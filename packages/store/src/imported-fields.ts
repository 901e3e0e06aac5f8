import type { FacetValue } from '@flywheel/domain/facet';
import type { FieldName, Query } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
import { compile, pointerTo } from './compile.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

/** A field of the imported records that no mapping used, and how many traces have it. */
export interface ImportedField {
  name: string;
  traces: number;
}

const FIELDS_SHOWN = 100;
const VALUES_SHOWN = 200;
/** Longer values are texts, not something to count. */
const LONGEST = 200;

/** Fields that the query language can name (`meta.NAME`), most frequent first. Reads every record: ask for it apart from a list. */
export const importedFields = async (db: Database): Promise<ImportedField[]> => {
  const rows = await db.all(
    `SELECT name, count(*)::INTEGER AS n
     FROM (SELECT unnest(json_keys(extra)) AS name FROM trace_body WHERE extra IS NOT NULL)
     WHERE regexp_full_match(name, '[\\p{L}\\p{N}_.-]+') GROUP BY name ORDER BY n DESC, name LIMIT ${FIELDS_SHOWN}`,
  );
  return rows.map((r) => ({ name: r.name as string, traces: r.n as number }));
};

/** Values of an imported field that hold `contains` (any case), counted under the query's other filters. */
export const importedValues = async (
  db: Database,
  names: Names,
  search: Search,
  query: Query,
  field: `meta.${string}`,
  contains: string,
): Promise<FacetValue[]> => {
  const others = { ...query, clauses: query.clauses.filter((c) => c.field !== (field as FieldName)) };
  const where = await compile(others, names, search);
  const [path, needle] = [`$${where.values.length + 1}`, `$${where.values.length + 2}`];
  const rows = await db.all(
    `SELECT v, count(*)::INTEGER AS total, count(*) FILTER (WHERE hit)::INTEGER AS n
     FROM (SELECT json_extract_string(b.extra, ${path}) AS v, ${where.sql} AS hit
           FROM trace t JOIN trace_body b USING (seq) WHERE b.extra IS NOT NULL)
     WHERE v IS NOT NULL AND length(v) BETWEEN 1 AND ${LONGEST} AND contains(lower(v), ${needle})
     GROUP BY v ORDER BY n DESC, total DESC, v LIMIT ${VALUES_SHOWN}`,
    [...where.values, pointerTo(field), contains.toLowerCase()],
  );
  const chosen = selectedValues(query, field);
  return rows.map((r) => ({
    value: r.v as string,
    label: r.v as string,
    count: r.n as number,
    total: r.total as number,
    selected: selects(chosen, r.v as string),
  }));
};
