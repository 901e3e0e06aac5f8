import { CATEGORIES } from '@flywheel/domain/category';
import type { Facet } from '@flywheel/domain/facet';
import type { FieldName } from '@flywheel/domain/query/ast';
import { JUDGE_BITS, judgesOf, OUTCOMES } from './codes.ts';
import type { Names } from './names.ts';

/** What is counted for one facet, and how its codes read. */
export interface FacetSpec {
  field: FieldName;
  title: string;
  shape: Facet['shape'];
  /** Of `columns`: from one value to the next; 1 where it is not given. */
  unit?: number;
  /** SQL of the counted code, and an optional join that brings it in. */
  code: string;
  join?: string;
  /** Where the other values are counted, when the code does not hold them all: rows (code, trace), and whether there are any. */
  others?: { code: string; join: string; any: (names: Names) => boolean };
  /** Where the counted code stands for several values: which. */
  expand?: (code: bigint) => number[];
  /** The value as it stands in a query, and its label. */
  value: (code: unknown, names: Names) => string;
  label?: (value: string) => string;
  shown: number;
  /** A table without whose rows there is nothing to count. */
  needs?: 'trace_score' | 'trace_parent';
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
  {
    field: 'surprise',
    title: 'Most surprising step',
    shape: 'columns',
    unit: 0.1,
    needs: 'trace_score',
    code: 't.surprise',
    value: (c) => (c === null ? 'none' : (Number(c) / 10).toFixed(1)),
    label: (v) => (v === 'none' ? 'not scored' : v),
    shown: 300,
  },
  {
    field: 'agreement',
    title: 'Self-agreement, %',
    shape: 'columns',
    needs: 'trace_parent',
    code: 't.self_agreement',
    value: (c) => (c === null ? 'none' : String(c)),
    label: (v) => (v === 'none' ? 'not sampled' : v),
    shown: 101,
  },
  yesNo('conflict', 'Judges in conflict'),
  yesNo('reviewed', 'Reviewed'),
  yesNo('flagged', 'Flagged'),
  {
    field: 'judge',
    title: 'Judge',
    shape: 'values',
    // Few sets of judges occur: each is counted once, and gives its count to every judge in it.
    code: 't.judges',
    expand: judgesOf,
    others: {
      code: 'o.judge',
      join: 'JOIN trace_judge o ON o.trace = t.seq',
      any: (names) => names.all('judge').length > JUDGE_BITS,
    },
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
