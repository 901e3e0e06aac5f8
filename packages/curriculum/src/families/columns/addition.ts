import { buildFamily, type FamilyParts } from '../build.ts';
import { drawInt } from '../draw.ts';
import { type Column, type Columns, columnsWanting, nextColumn, solveColumns, valuesOf } from './columns.ts';

const PROMPT = /^([1-9]\d{0,19})\+([1-9]\d{0,19}):$/;
const SHORTER_SHARE = 0.25;

const drawDigits = (count: number, random: () => number): string =>
  Array.from({ length: count }, (_, at) => drawInt(random, at === 0 ? 1 : 0, 9)).join('');

const read = (prompt: string): Columns | null => {
  const [, a, b] = PROMPT.exec(prompt) ?? [];
  if (a === undefined || b === undefined) return null;
  const digit = (number: string, at: number): number => Number(number.at(-1 - at) ?? 0);
  const width = Math.max(a.length, b.length);
  return {
    sign: '+',
    pairs: Array.from({ length: width }, (_, at) => [digit(a, at), digit(b, at)] as const),
  };
};

const measure = (columns: Columns) => ({
  digits: columns.pairs.length,
  carries: valuesOf(columns).some((value) => value > 9) ? 1 : 0,
});

/** One in four has a number of fewer digits. */
const draw = (digits: number, random: () => number): string => {
  const other = random() < SHORTER_SHARE ? drawInt(random, 1, digits - 1) : digits;
  const pair = [drawDigits(digits, random), drawDigits(other, random)];
  return `${(random() < 0.5 ? pair : pair.toReversed()).join('+')}:`;
};

export const additionParts: FamilyParts<Columns, Column> = {
  id: 'addition',
  label: 'Long addition',
  features: [
    { name: 'digits', label: 'digits', values: [2, 3, 4, 5] },
    { name: 'carries', label: 'has a carry', values: [0, 1] },
  ],
  // Drawn anew until the carries are as asked: at worst, five digits without any, one draw in 20 is.
  draw({ digits = 2, carries }, random) {
    for (let left = 10_000; left > 0; left--) {
      const prompt = draw(digits, random);
      const columns = read(prompt);
      if (columns !== null && measure(columns).carries === carries) return prompt;
    }
    throw new RangeError(`addition: the random numbers given make no problem with carries ${carries}.`);
  },
  read,
  measure,
  solve: solveColumns,
  begin: (columns) => ({ columns, at: 0, carry: 0 }),
  next: nextColumn,
  wanting: columnsWanting,
};

export const addition = buildFamily(additionParts);
