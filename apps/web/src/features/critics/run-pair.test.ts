import { expect, it } from 'vitest';
import { readPair } from './run-pair.ts';

it('a pair of runs is read from a link, and nothing else is', () => {
  expect(readPair('21,23')).toEqual({ a: 21, b: 23 });
  for (const text of [null, '', '21', '21,', '21,x', '1,2,3', '-1,2']) expect(readPair(text)).toBeNull();
});
