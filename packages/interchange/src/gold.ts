import { encodePosition } from '@flywheel/domain/judgement';
import type { JsonValue } from '@flywheel/domain/trace';
import { type DraftTrace, RecordError } from './draft.ts';
import { asText, at, type JsonRecord } from './fields.ts';
import type { FieldsMapping } from './mapping.ts';

type Label = 1 | 0 | -1 | null;
type Gold = NonNullable<DraftTrace['gold']>;

const RIGHT = new Set(['true', '1', '1.0', 'correct', 'right', 'pass', 'passed', 'yes', 'y', 'success']);
const WRONG = new Set(['false', '0', '0.0', 'incorrect', 'wrong', 'fail', 'failed', 'no', 'n', 'failure']);

/** Whether a file says that the answer is right: booleans, 1 and 0, or the words for it. Null: it does not say. */
export const givenOf = (v: JsonValue | undefined): 'right' | 'wrong' | null => {
  const text = asText(v)?.trim().toLowerCase() ?? '';
  if (RIGHT.has(text)) return 'right';
  return WRONG.has(text) ? 'wrong' : null;
};

const normal = (v: JsonValue): string => String(v).trim().toLowerCase();

/** Whole numbers also as text, and as tables write them whose columns hold empty cells (`2.0`). */
const wholeNumber = (v: JsonValue): number =>
  typeof v === 'number'
    ? v
    : typeof v === 'string' && /^\s*-?\d+(\.0+)?\s*$/.test(v)
      ? Number(v)
      : Number.NaN;

const isClean = (value: JsonValue, clean: readonly (string | number | null)[]): boolean =>
  clean.some((c) => {
    if (c === null || value === null) return c === value;
    return normal(c) === normal(value) || (typeof c === 'number' && c === wholeNumber(value));
  });

/** The encoded position of the first error as the file gives it; null: it says nothing. A list of wrong steps counts with its first. */
const positionOf = (
  m: NonNullable<FieldsMapping['firstError']>,
  record: JsonRecord,
  steps: number,
): number | null => {
  const value = at(record, m.path);
  if (value === undefined) return null;
  if (isClean(value, m.clean) || (Array.isArray(value) && value.length === 0)) return encodePosition('clean');
  const index = Array.isArray(value) ? Math.min(...value.map(wholeNumber)) : wholeNumber(value);
  const step = index - m.base;
  if (!Number.isInteger(step) || step < 0 || step >= steps)
    throw new RecordError(
      `\`${m.path}\` is ${JSON.stringify(value)}, but the trace has ${steps} steps counted from ${m.base}`,
    );
  return encodePosition(step);
};

/** One label of a step: 1, 0, -1, booleans, words, `+` and `-`. With `zero: 'bad'` there are but two: 1 and 0. */
export const labelOf = (v: JsonValue, zero: 'neutral' | 'bad'): Label | undefined => {
  if (v === null || v === '') return null;
  const number = wholeNumber(v);
  if (number === 0 && v !== false) return zero === 'bad' ? -1 : 0;
  if (number === 1 || number === -1) return number;
  if (v === '+') return 1;
  if (v === '-') return -1;
  if (typeof v === 'string' && v.trim().toLowerCase() === 'neutral') return 0;
  const given = givenOf(v);
  return given === null ? undefined : given === 'right' ? 1 : -1;
};

const labelsOf = (
  m: NonNullable<FieldsMapping['stepLabels']>,
  record: JsonRecord,
  steps: number,
): Label[] | null => {
  const value = at(record, m.path);
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new RecordError(`\`${m.path}\` (labels of the steps) is not an array`);
  if (value.length > steps)
    throw new RecordError(`\`${m.path}\` has ${value.length} labels, but the trace has ${steps} steps`);
  return Array.from({ length: steps }, (_, i) => {
    const label = labelOf(value[i] ?? null, m.zero ?? 'neutral');
    if (label === undefined)
      throw new RecordError(
        `\`${m.path}\` has the label ${JSON.stringify(value[i])}, which is none of -1, 0, 1, true, false`,
      );
    return label;
  });
};

/** Steps before the first error are right, those after it were not looked at. */
const labelsUpTo = (position: number, steps: number): Label[] =>
  Array.from({ length: steps }, (_, i) => (position === -1 || i < position ? 1 : i === position ? -1 : null));

/**
 * The file's own label of the first error, from its place, from labels of the steps, or both.
 *
 * @returns undefined when the file says nothing; labels without a bad one say "clean" only if every step has one
 */
export const goldOf = (m: FieldsMapping, record: JsonRecord, steps: number): Gold | undefined => {
  const position = m.firstError && positionOf(m.firstError, record, steps);
  const labels = m.stepLabels ? labelsOf(m.stepLabels, record, steps) : null;
  if (position !== null) return { position, labels: labels ?? labelsUpTo(position, steps) };
  if (labels === null) return undefined;
  const first = labels.indexOf(-1);
  if (first >= 0) return { position: first, labels };
  return labels.every((l) => l !== null) ? { position: encodePosition('clean'), labels } : undefined;
};
