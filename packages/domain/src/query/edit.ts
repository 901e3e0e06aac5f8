import { CLOSED_VALUES, type Clause, FIELDS, type FieldName, type FieldValue, type Query } from './ast.ts';
import { parseQuery } from './parse.ts';
import { printClause, printQuery } from './print.ts';
import { tokenize } from './tokens.ts';

const same = (a: FieldValue | Clause, b: FieldValue | Clause): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

const within = (v: FieldValue, n: number): boolean =>
  v.kind === 'range' && n >= (v.min ?? Number.NEGATIVE_INFINITY) && n <= (v.max ?? Number.POSITIVE_INFINITY);

const isNumber = (text: string): boolean => /^\d+(?:\.\d)?$/.test(text);

/** Whether a filter takes a value as it stands in a query: named by itself, or inside a range. */
export const selects = (values: readonly FieldValue[], value: string): boolean =>
  values.some((v) => (v.kind === 'is' ? v.value === value : isNumber(value) && within(v, Number(value))));

/** What is left of a range without one number. */
const punctured = (v: FieldValue, n: number): FieldValue[] => {
  if (v.kind !== 'range' || !within(v, n)) return [v];
  const below = v.min === n ? [] : [{ kind: 'range' as const, min: v.min, max: n - 1 }];
  const above = v.max === n ? [] : [{ kind: 'range' as const, min: n + 1, max: v.max }];
  // Below zero there is nothing to select: `..9` without 0 is `1..9`.
  return [...(n === 0 ? [] : below), ...above];
};

/** The values that a field is filtered to by clauses that are not negated. */
export const selectedValues = (q: Query, field: FieldName): FieldValue[] =>
  q.clauses.filter((c) => c.field === field && !c.negated).flatMap((c) => c.values);

/**
 * Adds the value to the field's filter, or takes it out; clauses of one field are merged into the first.
 * A number inside a range is taken out of the range: `steps:2..9` without 5 is `steps:2..4,6..9`.
 */
export const toggleValue = (q: Query, field: FieldName, value: FieldValue): Query => {
  const now = selectedValues(q, field);
  const taken = value.kind === 'is' ? selects(now, value.value) : now.some((v) => same(v, value));
  const number = value.kind === 'is' && /^\d+$/.test(value.value) ? Number(value.value) : null;
  return setValues(
    q,
    field,
    taken
      ? now.filter((v) => !same(v, value)).flatMap((v) => (number === null ? [v] : punctured(v, number)))
      : [...now, value],
  );
};

/** Filters the field to these values, in place of what its clauses said (negated ones stay); none takes the filter away. */
export const setValues = (q: Query, field: FieldName, next: FieldValue[]): Query => {
  const at = q.clauses.findIndex((c) => c.field === field && !c.negated);
  const rest = q.clauses.filter((c) => c.field !== field || c.negated);
  if (next.length === 0) return { ...q, clauses: rest };
  const clause: Clause = { field, negated: false, values: next };
  const place = at < 0 ? rest.length : at;
  return { ...q, clauses: [...rest.slice(0, place), clause, ...rest.slice(place)] };
};

/** Takes away every clause of the field, negated ones too. */
export const clearField = (q: Query, field: FieldName): Query => ({
  ...q,
  clauses: q.clauses.filter((c) => c.field !== field),
});

/**
 * The text of a query whose clauses were edited to those of `next`. Where every part could be read it is the canonical text;
 * else only the edited clauses change, and what could not be read stays as it was typed.
 *
 * @param next made of what `text` reads as, with the same words
 * @example withClauses('outcome:rong "no end', requireQuery('task:a')) // 'task:a outcome:rong "no end'
 */
export const withClauses = (text: string, next: Query): string => {
  const { query, places, errors } = parseQuery(text);
  if (errors.length === 0) return printQuery(next);
  const isIn = (list: readonly Clause[]) => (c: Clause) => list.some((other) => same(c, other));
  const added = next.clauses.filter((c) => !isIn(query.clauses)(c)).map(printClause);
  const edits = places
    .filter((_, i) => !isIn(next.clauses)(query.clauses[i] as Clause))
    .map(({ start, end, unread }) => ({ start, end, parts: [unread] }));
  const behind = places.at(-1)?.end ?? 0;
  const [first = { start: behind, end: behind, parts: [] }, ...others] = edits;
  // From the last on, so that the places of those before stay right.
  return [{ ...first, parts: [...added, ...first.parts] }, ...others].reduceRight(
    (rest, { start, end, parts }) =>
      [rest.slice(0, start).trimEnd(), ...parts, rest.slice(end).trimStart()]
        .filter((part) => part !== '')
        .join(' '),
    text,
  );
};

/** What can be completed at the caret: a field name, or a value of `field`; [start, end) is what a choice replaces. */
export type CompletionContext =
  | { kind: 'field'; typed: string; start: number; end: number; options: readonly string[] }
  | {
      kind: 'value';
      field: FieldName;
      typed: string;
      start: number;
      end: number;
      options: readonly string[];
    };

export const completionAt = (text: string, caret: number): CompletionContext | null => {
  const token = tokenize(text).tokens.find((t) => t.start < caret && caret <= t.end);
  if (!token) {
    return /\S/.test(text[caret - 1] ?? ' ')
      ? null
      : { kind: 'field', typed: '', start: caret, end: caret, options: FIELDS };
  }
  const colon = token.text.indexOf(':');
  if (token.kind === 'clause' && token.start + colon < caret) {
    const field = token.text.slice(0, colon) as FieldName;
    const comma = text.slice(token.start + colon + 1, caret).lastIndexOf(',');
    const start = token.start + colon + 1 + (comma + 1);
    const typed = text.slice(start, caret).replaceAll('"', '');
    return { kind: 'value', field, typed, start, end: token.end, options: CLOSED_VALUES[field] ?? [] };
  }
  if (token.kind !== 'word' && token.kind !== 'clause') return null;
  const typed = text.slice(token.start, caret);
  const options = FIELDS.filter((f) => f.startsWith(typed.toLowerCase()));
  return options.length > 0 ? { kind: 'field', typed, start: token.start, end: token.end, options } : null;
};
