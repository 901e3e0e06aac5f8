import type { FacetValue } from '@flywheel/domain/facet';
import type { FieldValue } from '@flywheel/domain/query/ast';
import { selects } from '@flywheel/domain/query/edit';

/** One column of a histogram: a number, or a range of them. */
export interface Column {
  /** Short enough to stand under the column: where it begins. */
  label: string;
  title: string;
  filter: FieldValue;
  count: number;
  total: number;
  /** `some`: the filter takes a part of the range. */
  selected: 'all' | 'some' | 'none';
}

const COLUMNS = 8;
/** The last column takes the longest of the values, this share of the traces, with an open end. */
const TAIL = 0.02;

/**
 * Cuts numeric values into at most eight columns of equal width and one with an open end.
 *
 * @param values of the facet; those that are no numbers are left out
 * @param prefix before each number in a label, e.g. `S`
 * @param unit from one value to the next, e.g. 0.1
 */
export const columnsOf = (
  values: readonly FacetValue[],
  chosen: readonly FieldValue[],
  prefix: string,
  unit = 1,
): Column[] => {
  const shown = (at: number): string => (unit === 1 ? String(at) : (at * unit).toFixed(1));
  const value = (at: number): number => Number(shown(at));
  const numbers = values
    .filter((v) => /^\d/.test(v.value))
    .map((v) => ({ ...v, at: Math.round(Number(v.value) / unit) }))
    .sort((a, b) => a.at - b.at);
  const first = numbers[0]?.at;
  const last = numbers.at(-1)?.at;
  if (first === undefined || last === undefined) return [];
  const all = numbers.reduce((sum, v) => sum + v.total, 0);
  let tail = 0;
  const cut = numbers.findLast((v) => {
    tail += v.total;
    return tail > all * TAIL;
  });
  const reach = last - first < COLUMNS ? last : (cut?.at ?? last);
  const width = Math.max(1, Math.ceil((reach - first + 1) / COLUMNS));
  const columns: Column[] = [];
  for (let from = first; from <= last; from += width) {
    const open = columns.length === COLUMNS;
    const to = open ? last : from + width - 1;
    const inside = numbers.filter((v) => v.at >= from && v.at <= to);
    const taken = inside.filter((v) => selects(chosen, v.value));
    columns.push({
      label: `${width === 1 ? prefix : ''}${shown(from)}${open ? '+' : ''}`,
      title: open
        ? `${shown(from)} or more`
        : width === 1
          ? `${prefix}${shown(from)}`
          : `${shown(from)} to ${shown(to)}`,
      filter: open
        ? { kind: 'range', min: value(from), max: null }
        : width === 1
          ? { kind: 'is', value: shown(from) }
          : { kind: 'range', min: value(from), max: value(to) },
      count: inside.reduce((sum, v) => sum + v.count, 0),
      total: inside.reduce((sum, v) => sum + v.total, 0),
      selected: taken.length === 0 ? 'none' : taken.length === inside.length ? 'all' : 'some',
    });
    if (open) break;
  }
  return columns;
};

const bounds = (v: FieldValue): [number | null, number | null] =>
  v.kind === 'range' ? [v.min, v.max] : [Number(v.value), Number(v.value)];

/** The range from one column to another, ends included. */
export const rangeOver = (a: FieldValue, b: FieldValue): FieldValue => {
  const [[minA, maxA], [minB, maxB]] = [bounds(a), bounds(b)];
  return {
    kind: 'range',
    min: minA === null || minB === null ? null : Math.min(minA, minB),
    max: maxA === null || maxB === null ? null : Math.max(maxA, maxB),
  };
};
