import { DuckDBBitValue, type DuckDBValue } from '@duckdb/node-api';
import { CATEGORIES } from '@flywheel/domain/category';
import type { Clause, FieldName, FieldValue, Query } from '@flywheel/domain/query/ast';
import type { Outcome } from '@flywheel/domain/trace';
import { JUDGE_BITS, outcomeCode } from './codes.ts';
import type { NameKind, Names } from './names.ts';
import type { Bitmap } from './search/bitmap.ts';
import type { Search } from './search/search.ts';
import { among, FEW } from './trace-rows.ts';

/** A condition on `trace t`, with parameters $1, $2, ... */
export interface Condition {
  sql: string;
  values: DuckDBValue[];
  /** It holds for so many traces at most. */
  atMost: number;
}

class Parameters {
  readonly values: DuckDBValue[] = [];

  add(value: DuckDBValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

const NAMED: Partial<Record<FieldName, NameKind>> = { task: 'task', model: 'model', source: 'source' };
const YES = 'yes';

const anyOf = (parts: string[]): string => (parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`);

const number = (column: string, v: FieldValue, p: Parameters): string => {
  if (v.kind === 'is') return `${column} = ${p.add(Number(v.value))}`;
  const bounds = [
    ...(v.min === null ? [] : [`${column} >= ${p.add(v.min)}`]),
    ...(v.max === null ? [] : [`${column} <= ${p.add(v.max)}`]),
  ];
  return `(${bounds.join(' AND ')})`;
};

/** Traces whose outcome is known and is not that of some trace of the model for the same problem. */
const differs = (model: number | undefined, p: Parameters): string => {
  if (model === undefined) return 'false';
  const other = (outcome: 1 | 2): string =>
    `t.problem IN (SELECT problem FROM trace WHERE model = ${p.add(model)} AND outcome = ${outcome})`;
  return `((t.outcome = 1 AND ${other(2)}) OR (t.outcome = 2 AND ${other(1)}))`;
};

/** Nats as the store has them. */
const inTenths = (v: FieldValue): FieldValue => {
  const tenths = (nats: number): number => Math.round(nats * 10);
  return v.kind === 'is'
    ? { kind: 'is', value: String(tenths(Number(v.value))) }
    : {
        kind: 'range',
        min: v.min === null ? null : tenths(v.min),
        max: v.max === null ? null : tenths(v.max),
      };
};

const errorAt = (v: FieldValue, p: Parameters): string => {
  if (v.kind === 'is' && v.value === 'none') return 't.first_error IS NULL';
  if (v.kind === 'is' && v.value === 'clean') return 't.first_error = -1';
  if (v.kind === 'is' && v.value === 'unlocated') return 't.first_error = -2';
  return v.kind === 'range' && v.min === null
    ? `(t.first_error >= 0 AND ${number('t.first_error', v, p)})`
    : number('t.first_error', v, p);
};

/** Where an imported field stands in a record, as a JSON pointer. */
export const pointerTo = (field: `meta.${string}`): string =>
  `/${field.slice('meta.'.length).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Traces with a standing verdict of the judge. Codes are ours, so they stand in the SQL. */
const judgedBy = (code: number | undefined): string => {
  if (code === undefined) return 'false';
  if (code < JUDGE_BITS) return `(t.judges >> ${code}) & 1 = 1`;
  return `t.seq IN (SELECT trace FROM trace_judge WHERE judge = ${code})`;
};

/** How the newest position of a judge on a trace compares with that of `clean`; one that was withdrawn is neither. */
const VERDICTS = { flawedby: '<> -1', cleanby: '= -1' } as const;
export type VerdictField = keyof typeof VERDICTS;

export const isVerdictField = (field: string): field is VerdictField => Object.hasOwn(VERDICTS, field);

/** What of `judgement`, grouped by trace and judge, stands with the verdict that the field asks for. */
export const standsAs = (field: VerdictField): string => `arg_max_null(position, ord) ${VERDICTS[field]}`;

/** Traces on which the judge's own verdict is the one that is asked for, whatever others said and the flaw came to. */
const saidBy = (field: VerdictField, code: number | undefined): string =>
  code === undefined
    ? 'false'
    : `t.seq IN (SELECT trace FROM judgement WHERE judge = ${code} GROUP BY trace HAVING ${standsAs(field)})`;

/** One value of a clause as SQL. A name that the workspace does not have selects nothing. */
const one = (field: FieldName, v: FieldValue, p: Parameters, names: Names): string => {
  const text = v.kind === 'is' ? v.value : `${v.min ?? ''}..${v.max ?? ''}`;
  const named = NAMED[field];
  if (named) {
    const code = names.find(named, text);
    return code === undefined ? 'false' : `t.${named} = ${p.add(code)}`;
  }
  switch (field) {
    case 'id':
      return `t.id = ${p.add(text)}`;
    case 'problem': {
      const [task = '', ordinal = ''] = text.split('/');
      return /^\d+$/.test(ordinal)
        ? `t.problem IN (SELECT seq FROM problem WHERE task = ${p.add(names.find('task', task) ?? 65_535)} AND ordinal = ${p.add(Number(ordinal))})`
        : `t.problem IN (SELECT seq FROM problem WHERE id = ${p.add(text)})`;
    }
    case 'outcome':
      return `t.outcome = ${p.add(outcomeCode(text as Outcome))}`;
    case 'category': {
      if (text === 'none') return 't.category IS NULL';
      return `t.category = ${p.add(CATEGORIES.findIndex((c) => c.id === text || c.label === text))}`;
    }
    case 'error':
      return errorAt(v, p);
    case 'steps':
      return number('t.steps', v, p);
    case 'surprise':
      return v.kind === 'is' && v.value === 'none'
        ? 't.surprise IS NULL'
        : number('t.surprise', inTenths(v), p);
    case 'agreement':
      return v.kind === 'is' && v.value === 'none'
        ? 't.self_agreement IS NULL'
        : number('t.self_agreement', v, p);
    case 'differs':
      return differs(names.find('model', text), p);
    case 'import':
      return v.kind === 'is' && v.value === 'none' ? 't.import_id = 0' : number('t.import_id', v, p);
    case 'run':
      return `t.seq IN (SELECT trace FROM run_item WHERE ${number('run', v, p)})`;
    case 'conflict':
    case 'reviewed':
    case 'flagged':
      return text === YES ? `t.${field}` : `NOT t.${field}`;
    case 'judge':
      return judgedBy(names.find('judge', text));
    case 'flawedby':
    case 'cleanby':
      return saidBy(field, names.find('judge', text));
    case 'reviewer':
      return `t.seq IN (SELECT trace FROM review r WHERE reviewer = ${p.add(text)} AND action = 'commit'
        AND NOT EXISTS (SELECT 1 FROM review u WHERE u.action = 'undo' AND (u.body->>'undoes') = r.id))`;
    case 'tag':
      return `t.seq IN (SELECT trace FROM trace_tag WHERE tag = ${p.add(names.find('tag', text) ?? 65_535)})`;
    case 'selection':
      return `t.seq IN (SELECT trace FROM selection_item JOIN selection ON id = selection WHERE name = ${p.add(text)})`;
    default:
      return `t.seq IN (SELECT seq FROM trace_body WHERE json_extract_string(extra, ${p.add(pointerTo(field as `meta.${string}`))}) = ${p.add(text)})`;
  }
};

const clause = (c: Clause, p: Parameters, names: Names): string => {
  const sql = anyOf(c.values.map((v) => one(c.field, v, p, names)));
  return c.negated ? `NOT coalesce(${sql}, false)` : sql;
};

/** Clauses of one field that are not negated are alternatives (`task:a task:b`). */
const merged = (clauses: readonly Clause[]): Clause[] => {
  const byField = new Map<string, Clause>();
  const out: Clause[] = [];
  for (const c of clauses) {
    const earlier = c.negated ? undefined : byField.get(c.field);
    if (earlier) earlier.values = [...earlier.values, ...c.values];
    else {
      const copy = { ...c };
      if (!c.negated) byField.set(c.field, copy);
      out.push(copy);
    }
  }
  return out;
};

/** DuckDB's BIT: a byte with the number of padding bits (none: a bitmap is whole bytes), then the bits. */
const bitValue = (hits: Bitmap): DuckDBBitValue => {
  const data = new Uint8Array(1 + hits.bytes.length);
  data.set(hits.bytes, 1);
  return new DuckDBBitValue(data);
};

/** Rows of a text search. Few stand in the SQL itself, so that DuckDB reads only where they are. */
const found = (hits: Bitmap, p: Parameters): string => {
  if (isFew(hits)) return among([...hits.rows()]).holds('t.seq');
  // Rows past the bitmap arrived after the index was asked.
  return `t.seq < ${hits.size} AND get_bit(${p.add(bitValue(hits))}, t.seq::INTEGER) = 1`;
};

export const isFew = (hits: Bitmap): boolean => hits.count <= FEW;

/** What a query selects, as a condition on `trace t`. Every value travels as a parameter. */
export const compile = async (query: Query, names: Names, search: Search): Promise<Condition> => {
  const p = new Parameters();
  const parts = merged(query.clauses).map((c) => clause(c, p, names));
  const hits = query.text ? await search.match(query.text) : null;
  if (hits) parts.push(found(hits, p));
  return {
    sql: parts.length === 0 ? 'true' : parts.join(' AND '),
    values: p.values,
    atMost: hits?.count ?? Number.POSITIVE_INFINITY,
  };
};
