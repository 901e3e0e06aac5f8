import type { Facet, FacetResult, FacetValue } from '@flywheel/domain/facet';
import type { FieldName, Query } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
import { type Condition, compile, isVerdictField } from './compile.ts';
import type { Database, Row } from './database.ts';
import { FACETS, type FacetSpec } from './facet-specs.ts';
import { importedValues } from './imported-fields.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import { verdictValues } from './verdict-values.ts';

type Counts = Map<string, number>;

/** Counts of facets under one query, and how many traces it selects. */
interface Counted {
  matched: number;
  counts: Map<FieldName, Counts>;
}

/** To count fewer columns than these takes no longer than to find out how many traces there are to count. */
const MANY = 3;

/** Counts of all traces; `known` once they are. */
interface Totals {
  version: number;
  counted: Promise<Counted>;
  known: Counted | null;
}

/** A facet's values that lie in a table of their own. */
interface Joined {
  spec: FacetSpec;
  code: string;
  join: string;
}

const EVERYTHING: Condition = { sql: 'true', values: [], atMost: Number.POSITIVE_INFINITY };

/** Counts every facet under every filter but its own, and under none. Totals are counted again only after a write. */
export class Facets {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private totals: Totals | null = null;
  private present: { version: number; specs: Promise<readonly FacetSpec[]> } | null = null;

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  async all(query: Query): Promise<FacetResult> {
    const began = performance.now();
    const specs = await this.specs();
    const own = specs.filter((spec) => isFiltered(query, spec.field));
    // Both at once: beside a run, whose every commit makes the totals old, the one would wait for the other each time.
    const unfiltered = this.unfiltered();
    const [totals, rest, ...filtered] = await Promise.all([
      unfiltered,
      this.under(
        specs.filter((spec) => !own.includes(spec)),
        query,
      ),
      ...own.map((spec) => this.under([spec], without(query, spec.field))),
    ]);
    const counts = new Map([rest, ...filtered].flatMap((c) => [...c.counts]));
    const facets = specs.map((spec) =>
      this.facet(spec, query, counts.get(spec.field), totals.counts.get(spec.field), spec.shown),
    );
    return {
      total: totals.matched,
      matched: rest.matched,
      facets: facets.filter((f) => f.values.length > 0),
      milliseconds: performance.now() - began,
    };
  }

  /** Values of one facet whose label holds `contains` (any case): for completion and search within a facet. */
  async values(query: Query, field: string, contains: string): Promise<FacetValue[]> {
    if (isImported(field)) return importedValues(this.db, this.names, this.search, query, field, contains);
    if (isVerdictField(field)) return verdictValues(this.db, this.names, this.search, query, field, contains);
    const spec = FACETS.find((f) => f.field === field);
    if (!spec) return [];
    const totals = await this.unfiltered();
    const { counts } = await this.under([spec], without(query, field as FieldName));
    const needle = contains.toLowerCase();
    return this.facet(
      spec,
      query,
      counts.get(spec.field),
      totals.counts.get(spec.field),
      Number.POSITIVE_INFINITY,
    )
      .values.filter((v) => v.label.toLowerCase().includes(needle) || v.value.toLowerCase().includes(needle))
      .slice(0, 200);
  }

  private facet(
    spec: FacetSpec,
    query: Query,
    counts: Counts = new Map(),
    totals: Counts = new Map(),
    shown: number,
  ): Facet {
    const chosen = selectedValues(query, spec.field);
    const values = [...totals].map(([value, total]) => ({
      value,
      label: spec.label?.(value) ?? value,
      count: counts.get(value) ?? 0,
      total,
      selected: selects(chosen, value),
    }));
    const byNumber = (v: string) => (/^\d/.test(v) ? Number(v) : Number.POSITIVE_INFINITY);
    values.sort((a, b) =>
      spec.shape === 'columns'
        ? byNumber(a.value) - byNumber(b.value) || (a.value < b.value ? -1 : 1)
        : Number(b.selected) - Number(a.selected) ||
          b.count - a.count ||
          b.total - a.total ||
          (a.label < b.label ? -1 : 1),
    );
    return {
      field: spec.field,
      title: spec.title,
      shape: spec.shape,
      unit: spec.unit ?? 1,
      values: values.slice(0, shown),
      more: Math.max(0, values.length - shown),
      filtered: isFiltered(query, spec.field),
    };
  }

  /** What there is to count: facets of what no model has looked at would cost time and say nothing. */
  private specs(): Promise<readonly FacetSpec[]> {
    if (this.present?.version !== this.db.version) {
      const specs = this.db
        .all('SELECT EXISTS (FROM trace_score) AS trace_score, EXISTS (FROM trace_parent) AS trace_parent')
        .then(([row]) => FACETS.filter(({ needs }) => needs === undefined || row?.[needs] === true));
      this.present = { version: this.db.version, specs };
      specs.catch(() => {
        this.present = null;
      });
    }
    return this.present.specs;
  }

  private unfiltered(): Promise<Counted> {
    if (this.totals?.version !== this.db.version) {
      const counted = this.specs().then((specs) => this.count(specs, EVERYTHING));
      const totals: Totals = { version: this.db.version, counted, known: null };
      this.totals = totals;
      counted.then(
        (known) => {
          totals.known = known;
        },
        () => {
          this.totals = null;
        },
      );
    }
    return this.totals.counted;
  }

  /** Of a query that selects most traces, those that it leaves out are counted and taken from the totals. */
  private async under(specs: readonly FacetSpec[], query: Query): Promise<Counted> {
    if (isEmpty(query)) return only(specs, await this.unfiltered());
    const where = await compile(query, this.names, this.search);
    const { totals } = this;
    const known = totals?.version === this.db.version ? totals.known : null;
    if (totals && known && specs.length >= MANY && (await this.selectsMost(where, known))) {
      const others = await this.count(specs, { ...where, sql: `NOT coalesce(${where.sql}, false)` });
      // Both must be of one state of the store.
      if (totals.version === this.db.version) return difference(known, others);
    }
    return this.count(specs, where);
  }

  private async selectsMost(where: Condition, { matched }: Counted): Promise<boolean> {
    const half = matched / 2;
    if (where.atMost <= half) return false;
    const [row] = await this.db.all(
      `SELECT count(*)::INTEGER AS n FROM trace t WHERE ${where.sql}`,
      where.values,
    );
    return Number(row?.n) > half;
  }

  /** Columns of `trace` are counted together in one scan, which evaluates the filter once; each joined table by itself. */
  private async count(specs: readonly FacetSpec[], where: Condition): Promise<Counted> {
    const columns = specs.filter((spec) => spec.join === undefined);
    const joined = specs.flatMap((spec): Joined[] => {
      const { others } = spec;
      if (spec.join !== undefined) return [{ spec, code: spec.code, join: spec.join }];
      return others?.any(this.names) ? [{ spec, code: others.code, join: others.join }] : [];
    });
    const counts = new Map<FieldName, Counts>(specs.map((spec) => [spec.field, new Map()]));
    const [scanned, ...others] = await Promise.all([
      this.db.all(groupingSets(columns, where.sql), where.values),
      ...joined.map(({ code, join }) =>
        this.db.all(
          `SELECT ${code} AS code, count(*)::INTEGER AS n FROM trace t ${join} WHERE ${where.sql} GROUP BY 1`,
          where.values,
        ),
      ),
    ]);
    const put = (spec: FacetSpec, row: Row, expand?: FacetSpec['expand']) => {
      const own = counts.get(spec.field);
      const code = row.code as bigint | number | null;
      for (const c of expand?.(BigInt(code ?? 0)) ?? [code === null ? null : Number(code)]) {
        const value = spec.value(c, this.names);
        own?.set(value, (own.get(value) ?? 0) + (row.n as number));
      }
    };
    let matched = 0;
    for (const row of scanned ?? []) {
      const spec = columns[row.facet as number];
      if (spec) put(spec, row, spec.expand);
      else matched = row.n as number;
    }
    for (const [i, { spec }] of joined.entries()) for (const row of others[i] ?? []) put(spec, row);
    return { matched, counts };
  }
}

/** Rows (facet, code, n): a set for each column, and one over all rows, whose facet is past the last column. */
const groupingSets = (columns: readonly FacetSpec[], where: string): string => {
  const codes = columns.map((spec, i) => `(${spec.code})::BIGINT AS c${i}`);
  const names = columns.map((_, i) => `c${i}`);
  const facet = names.map((name, i) => `WHEN grouping(${name}) = 0 THEN ${i}`);
  return `SELECT ${facet.length > 0 ? `CASE ${facet.join(' ')} ELSE ${columns.length} END` : '0'} AS facet, ${
    names.length > 0 ? `coalesce(${names.join(', ')})` : 'NULL'
  } AS code, count(*)::INTEGER AS n
    FROM (SELECT ${[...codes, '1'].join(', ')} FROM trace t WHERE ${where})
    GROUP BY GROUPING SETS (${[...names.map((name) => `(${name})`), '()'].join(', ')})`;
};

const only = (specs: readonly FacetSpec[], { matched, counts }: Counted): Counted => ({
  matched,
  counts: new Map(specs.map(({ field }) => [field, counts.get(field) ?? new Map()])),
});

/** Of the facets in `some`, what is in `all` and not in it. */
const difference = (all: Counted, some: Counted): Counted => ({
  matched: all.matched - some.matched,
  counts: new Map(
    [...some.counts].map(([field, fewer]) => [
      field,
      new Map([...(all.counts.get(field) ?? [])].map(([value, n]) => [value, n - (fewer.get(value) ?? 0)])),
    ]),
  ),
});

const isImported = (field: string): field is `meta.${string}` => field.startsWith('meta.');
const isFiltered = (q: Query, field: FieldName): boolean => q.clauses.some((c) => c.field === field);
const isEmpty = (q: Query): boolean => q.clauses.length === 0 && q.text === null;
const without = (q: Query, field: FieldName): Query => ({
  ...q,
  clauses: q.clauses.filter((c) => c.field !== field),
});
