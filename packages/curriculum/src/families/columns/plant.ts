import { type FamilyParts, readProblem } from '../build.ts';
import { drawInt, drawOne } from '../draw.ts';
import { type Planter, skipStep } from '../plant.ts';
import { type Column, type Columns, columnValue, joinColumns, writeColumn } from './columns.ts';

/** A digit that is another one. */
const otherDigit = (digit: number, random: () => number): number => (digit + drawInt(random, 1, 9)) % 10;

interface Written {
  pair: readonly [number, number];
  carry: number;
  value: number;
}

const slip = (
  category: string,
  sign: string,
  { pair: [a, b], carry, value }: Written,
  random: () => number,
): Written | null => {
  if (category === 'arithmetic') {
    const off = value + drawOne(random, [-10, -2, -1, 1, 2, 10]);
    return off < 0 || off > 99 ? null : { pair: [a, b], carry, value: off };
  }
  if (category !== 'operand') return null;
  const place = drawInt(random, 0, 2);
  const pair = [place === 0 ? otherDigit(a, random) : a, place === 1 ? otherDigit(b, random) : b] as const;
  const carried = place === 2 ? otherDigit(carry, random) : carry;
  return { pair, carry: carried, value: columnValue(sign, pair, carried) };
};

export const columnsPlanter = (parts: FamilyParts<Columns, Column>): Planter => ({
  categories: ['arithmetic', 'operand', 'skipped'],
  plant(prompt, solution, at, category, random) {
    if (category === 'skipped') return skipStep(solution, at);
    const { sign, pairs } = readProblem(parts, prompt);
    const values: number[] = [];
    const steps: string[] = [];
    for (const [index, pair] of pairs.entries()) {
      const carry = Math.floor((values.at(-1) ?? 0) / 10);
      const right = { pair, carry, value: columnValue(sign, pair, carry) };
      const written = index === at ? slip(category, sign, right, random) : right;
      if (written === null) return null;
      values.push(written.value);
      steps.push(
        index < at
          ? (solution.steps[index] ?? '')
          : writeColumn(sign, written.pair, written.carry, written.value),
      );
    }
    return { steps, answer: joinColumns(values) };
  },
});
