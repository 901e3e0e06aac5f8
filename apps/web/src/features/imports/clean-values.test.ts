import { expect, it } from 'vitest';
import { parseClean, printClean } from './clean-values.ts';

it('reads what it prints: null, numbers, words and the empty text', () => {
  const values = [null, -1, 'N/A', ''];
  expect(printClean(values)).toBe('null, -1, N/A, (empty)');
  expect(parseClean(printClean(values))).toEqual(values);
  expect(parseClean(' none ,, 0.5 ')).toEqual(['none', 0.5]);
});
