/**
 * The query bar's language: `task:gsm8k outcome:wrong steps:2..9 -model:6b_finetuning "how many" left OR remain*`.
 * Clauses are joined by AND; several values of one field, in one clause (`a,b`) or in several, by OR.
 * Text terms are joined by AND, `OR` binds looser, `-term` negates, parentheses group.
 */
export const FIELDS = [
  'id',
  'problem',
  'task',
  'model',
  'outcome',
  'category',
  'error',
  'steps',
  'surprise',
  'agreement',
  'differs',
  'judge',
  'flawedby',
  'cleanby',
  'conflict',
  'reviewed',
  'reviewer',
  'source',
  'import',
  'run',
  'flagged',
  'tag',
  'selection',
] as const;

/** `meta.NAME` addresses an imported field that no mapping used. */
export type FieldName = (typeof FIELDS)[number] | `meta.${string}`;

/**
 * `steps:3`, `steps:2..9`, `steps:2..`, `steps:..9` are ranges (inclusive); anything else is a word. `surprise` (nats a token of
 * the most surprising step) takes tenths, e.g. `surprise:2.5..`; `agreement` is in percent.
 * `differs:MODEL`: whose answer is right where that model's of the same problem is wrong, or the other way round.
 */
export type FieldValue =
  | { kind: 'is'; value: string }
  | { kind: 'range'; min: number | null; max: number | null };

export interface Clause {
  field: FieldName;
  negated: boolean;
  values: FieldValue[];
}

export type TextExpr =
  | { op: 'and' | 'or'; items: TextExpr[] }
  | { op: 'not'; item: TextExpr }
  | { op: 'term' | 'phrase' | 'prefix'; text: string };

export interface Query {
  clauses: Clause[];
  text: TextExpr | null;
}

/**
 * Values that words of closed fields may take. `judge`, `flawedby` and `cleanby` name a judge: that it has a verdict, and which.
 * `error`: a step number or range, `clean`, `unlocated`, `none` (not labelled). `category:none` likewise.
 */
export const CLOSED_VALUES: Partial<Record<FieldName, readonly string[]>> = {
  outcome: ['right', 'wrong', 'none', 'unknown'],
  conflict: ['yes', 'no'],
  reviewed: ['yes', 'no'],
  flagged: ['yes', 'no'],
};
