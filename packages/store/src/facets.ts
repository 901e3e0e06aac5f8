import { CATEGORIES } from '@flywheel/domain/category';
import type { Facet, FacetResult, FacetValue } from '@flywheel/domain/facet';
import type { FieldName, Query } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
import { OUTCOMES } from './codes.ts';
import { compile } from './compile.ts';
import type { Database } from './database.ts';
import { importedValues } from './imported-fields.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

interface FacetSpec {
  field: FieldName;
  title: string;
  shape: Facet['shape'];
  /** SQL of the counted code, and an optional join that brings it in. */
  code: string;
  join?: string;
  /** The value as it stands in a query, and its label. */
  value: (code: unknown, names: Names) => string;
  label?: (value: string) => string;
  shown: number;
}

const named = (field: 'task' | 'model' | 'source', title: string): FacetSpec => ({
  field,
  title,
  shape: 'values',
  code: `t.${field}`,
  value: (code, names) => names.name(field, Number(code)),
  shown: 50,
});
const yesNo = (field: 'conflict' | 'reviewed' | 'flagged', title: string): FacetSpec => ({
  field,
  title,
  shape: 'values',
  code: `t.${field}`,
  value: (code) => (code ? 'yes' : 'no'),
  shown: 2,
});

const errorValue = (code: unknown): string =>
  code === null ? 'none' : code === -1 ? 'clean' : code === -2 ? 'unlocated' : String(code);

export const FACETS: readonly FacetSpec[] = [
  {
    field: 'outcome',
    title: 'Outcome',
    shape: 'values',
    code: 't.outcome',
    value: (c) => OUTCOMES[Number(c)] ?? 'unknown',
    label: (v) => (v === 'none' ? 'no answer' : v),
    shown: 4,
  },
  named('task', 'Task'),
  named('model', 'Model'),
  {
    field: 'category',
    title: 'Flaw category',
    shape: 'values',
    code: 't.category',
    value: (c) => (c === null ? 'none' : (CATEGORIES[Number(c)]?.id ?? 'other')),
    label: (v) => (v === 'none' ? 'not labelled' : (CATEGORIES.find((c) => c.id === v)?.label ?? v)),
    shown: 13,
  },
  {
    field: 'error',
    title: 'First error at step',
    shape: 'columns',
    code: 't.first_error',
    value: errorValue,
    label: (v) => (/^\d+$/.test(v) ? `S${v}` : v === 'none' ? 'not labelled' : v),
    shown: 600,
  },
  { field: 'steps', title: 'Steps', shape: 'columns', code: 't.steps', value: String, shown: 600 },
  yesNo('conflict', 'Judges in conflict'),
  yesNo('reviewed', 'Reviewed'),
  yesNo('flagged', 'Flagged'),
  {
    field: 'judge',
    title: 'Judge',
    shape: 'values',
    code: 'j.judge',
    join: 'JOIN (SELECT DISTINCT trace, judge FROM judgement WHERE position IS NOT NULL) j ON j.trace = t.seq',
    value: (c, names) => names.name('judge', Number(c)),
    shown: 50,
  },
  {
    field: 'tag',
    title: 'Tag',
    shape: 'values',
    code: 'g.tag',
    join: 'JOIN trace_tag g ON g.trace = t.seq',
    value: (c, names) => names.name('tag', Number(c)),
    shown: 50,
  },
  named('source', 'Source'),
  {
    field: 'import',
    title: 'Import',
    shape: 'values',
    code: 't.import_id',
    value: (c) => (Number(c) === 0 ? 'none' : String(c)),
    shown: 50,
  },
];

type Counts = Map<string, number>;

/** Counts every facet under every filter but its own, and under none. Totals are counted again only after a write. */
export class Facets {
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private totals: { version: number; counts: Promise<Map<FieldName, Counts>> } | null = null;

  constructor(db: Database, names: Names, search: Search) {
    this.db = db;
    this.names = names;
    this.search = search;
  }

  async all(query: Query): Promise<FacetResult> {
    const began = performance.now();
    const totals = await this.unfiltered();
    const [counts, matched, total] = await Promise.all([
      Promise.all(
        FACETS.map((spec) =>
          isEmpty(query) ? totals.get(spec.field) : this.count(spec, without(query, spec.field)),
        ),
      ),
      this.matched(query),
      this.matched({ clauses: [], text: null }),
    ]);
    const facets = FACETS.map((spec, i) =>
      this.facet(spec, query, counts[i] ?? new Map(), totals.get(spec.field) ?? new Map(), spec.shown),
    );
    return {
      total,
      matched,
      facets: facets.filter((f) => f.values.length > 0),
      milliseconds: performance.now() - began,
    };
  }

  /** Values of one facet whose label holds `contains` (any case): for completion and search within a facet. */
  async values(query: Query, field: string, contains: string): Promise<FacetValue[]> {
    if (isImported(field)) return importedValues(this.db, this.names, this.search, query, field, contains);
    const spec = FACETS.find((f) => f.field === field);
    if (!spec) return [];
    const totals = (await this.unfiltered()).get(spec.field) ?? new Map();
    const counts = await this.count(spec, without(query, spec.field));
    const needle = contains.toLowerCase();
    return this.facet(spec, query, counts, totals, Number.POSITIVE_INFINITY)
      .values.filter((v) => v.label.toLowerCase().includes(needle) || v.value.toLowerCase().includes(needle))
      .slice(0, 200);
  }

  private facet(spec: FacetSpec, query: Query, counts: Counts, totals: Counts, shown: number): Facet {
    const chosen = selectedValues(query, spec.field);
    const values = [...totals].map(([value, total]) => ({
      value,
      label: spec.label?.(value) ?? value,
      count: counts.get(value) ?? 0,
      total,
      selected: selects(chosen, value),
    }));
    const byNumber = (v: string) => (/^\d+$/.test(v) ? Number(v) : Number.POSITIVE_INFINITY);
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
      values: values.slice(0, shown),
      more: Math.max(0, values.length - shown),
      filtered: query.clauses.some((c) => c.field === spec.field),
    };
  }

  private unfiltered(): Promise<Map<FieldName, Counts>> {
    if (this.totals?.version !== this.db.version) {
      const everything: Query = { clauses: [], text: null };
      const counts = Promise.all(
        FACETS.map(async (s) => [s.field, await this.count(s, everything)] as const),
      ).then((all) => new Map(all));
      this.totals = { version: this.db.version, counts };
      counts.catch(() => {
        this.totals = null;
      });
    }
    return this.totals.counts;
  }

  private async count(spec: FacetSpec, query: Query): Promise<Counts> {
    const where = await compile(query, this.names, this.search);
    const rows = await this.db.all(
      `SELECT ${spec.code} AS code, count(*)::INTEGER AS n FROM trace t ${spec.join ?? ''} WHERE ${where.sql} GROUP BY 1`,
      where.values,
    );
    return new Map(rows.map((r) => [spec.value(r.code, this.names), r.n as number]));
  }

  private async matched(query: Query): Promise<number> {
    const where = await compile(query, this.names, this.search);
    const [row] = await this.db.all(
      `SELECT count(*)::INTEGER AS n FROM trace t WHERE ${where.sql}`,
      where.values,
    );
    return row?.n as number;
  }
}

const isImported = (field: string): field is `meta.${string}` => field.startsWith('meta.');
const isEmpty = (q: Query): boolean => q.clauses.length === 0 && q.text === null;
const without = (q: Query, field: FieldName): Query => ({
  ...q,
  clauses: q.clauses.filter((c) => c.field !== field),
});
