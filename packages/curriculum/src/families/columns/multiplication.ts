import { buildFamily, type FamilyParts } from '../build.ts';
import { drawInt } from '../draw.ts';
import { type Column, type Columns, columnsWanting, nextColumn, solveColumns } from './columns.ts';

const PROMPT = /^([1-9]\d{0,19})\*([1-9]):$/;

export const multiplicationParts: FamilyParts<Columns, Column> = {
  id: 'multiplication',
  label: 'Long multiplication',
  features: [{ name: 'digits', label: 'digits', values: [1, 2, 3, 4] }],
  draw({ digits = 1 }, random) {
    const number = drawInt(random, 10 ** (digits - 1), 10 ** digits - 1);
    return `${number}*${drawInt(random, 2, 9)}:`;
  },
  read(prompt) {
    const [, number, by] = PROMPT.exec(prompt) ?? [];
    if (number === undefined) return null;
    return {
      sign: '*',
      pairs: [...number].toReversed().map((digit) => [Number(digit), Number(by)] as const),
    };
  },
  measure: ({ pairs }) => ({ digits: pairs.length }),
  solve: solveColumns,
  begin: (columns) => ({ columns, at: 0, carry: 0 }),
  next: nextColumn,
  wanting: columnsWanting,
};

export const multiplication = buildFamily(multiplicationParts);
