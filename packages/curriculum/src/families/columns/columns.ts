import type { Solution } from '../../family.ts';
import { quoted, Wrong } from '../build.ts';

/** A calculation on paper, column by column from the right: the two digits of each, and what is done with them. */
export interface Columns {
  sign: '+' | '*';
  pairs: readonly (readonly [number, number])[];
}

export interface Column {
  columns: Columns;
  /** 0-based from the right. */
  at: number;
  carry: number;
}

export const columnValue = (sign: string, [a, b]: readonly [number, number], carry: number): number =>
  (sign === '+' ? a + b : a * b) + carry;

/** e.g. `7+8+0=15`: the two digits, the carry, and what they make: its last digit is written, the others are carried. */
export const writeColumn = (
  sign: string,
  [a, b]: readonly [number, number],
  carry: number,
  value: number,
): string => `${a}${sign}${b}+${carry}=${value}`;

/** The number that the values of the columns write, from the right. */
export const joinColumns = (values: readonly number[]): string =>
  values
    .map((value, at) => (at === values.length - 1 ? String(value) : String(value % 10)))
    .toReversed()
    .join('');

export const valuesOf = ({ sign, pairs }: Columns): number[] => {
  const values: number[] = [];
  for (const pair of pairs) values.push(columnValue(sign, pair, Math.floor((values.at(-1) ?? 0) / 10)));
  return values;
};

export const solveColumns = (columns: Columns): Solution => {
  const values = valuesOf(columns);
  const steps = columns.pairs.map((pair, at) =>
    writeColumn(columns.sign, pair, Math.floor((values[at - 1] ?? 0) / 10), values[at] ?? 0),
  );
  return { steps, answer: joinColumns(values) };
};

const STEP = /^(\d)([+*])(\d)\+(\d)=(\d{1,3})$/;

export const nextColumn = ({ columns, at, carry }: Column, step: string): Column | Wrong => {
  const pair = columns.pairs[at];
  if (pair === undefined) return new Wrong('Every column is done before this step.');
  const [, a, sign, b, carried, value] = STEP.exec(step) ?? [];
  const due = writeColumn(columns.sign, pair, carry, columnValue(columns.sign, pair, carry));
  if (a === undefined || sign !== columns.sign) return new Wrong(`${quoted(step)} is no step like ${due}.`);
  const digits = [Number(a), Number(b)];
  if (digits.join() !== pair.join() && digits.toReversed().join() !== pair.join())
    return new Wrong(
      `Column ${at + 1} from the right has ${pair.join(' and ')}, not ${digits.join(' and ')}.`,
    );
  if (Number(carried) !== carry) return new Wrong(`The carry is ${carry}, not ${carried}.`);
  const is = columnValue(columns.sign, pair, carry);
  if (String(is) !== value) return new Wrong(`${step.slice(0, step.indexOf('='))} is ${is}, not ${value}.`);
  return { columns, at: at + 1, carry: Math.floor(is / 10) };
};

export const columnsWanting = ({ columns, at }: Column): string =>
  at < columns.pairs.length ? `Column ${at + 1} from the right is left to be done before the answer.` : '';
