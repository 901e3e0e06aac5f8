import { CLOSED_VALUES, type Clause, FIELDS, type FieldName, type FieldValue, type Query } from './ast.ts';
import { tokenize } from './tokens.ts';

const same = (a: FieldValue, b: FieldValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The values that a field is filtered to by clauses that are not negated. */
export const selectedValues = (q: Query, field: FieldName): FieldValue[] =>
  q.clauses.filter((c) => c.field === field && !c.negated).flatMap((c) => c.values);

/** Adds the value to the field's filter, or takes it out; clauses of one field are merged into the first. */
export const toggleValue = (q: Query, field: FieldName, value: FieldValue): Query => {
  const now = selectedValues(q, field);
  const next = now.some((v) => same(v, value)) ? now.filter((v) => !same(v, value)) : [...now, value];
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
