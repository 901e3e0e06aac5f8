import { describe, expect, it } from 'vitest';
import { ARRIVAL, COLUMNS, nextSort, parseSort, printSort } from './columns.ts';

describe('sorting by a column', () => {
  it('[SA8] a column goes up, down, and back to the order of arrival', () => {
    const up = nextSort(ARRIVAL, 'steps');
    const down = nextSort(up, 'steps');
    expect([up, down, nextSort(down, 'steps')]).toEqual([
      { key: 'steps', descending: false },
      { key: 'steps', descending: true },
      ARRIVAL,
    ]);
    expect(nextSort(down, 'model')).toEqual({ key: 'model', descending: false });
  });

  it('[SA8] the URL holds any sort, and nonsense in it is the order of arrival', () => {
    for (const { sort } of COLUMNS)
      for (const descending of [true, false])
        expect(parseSort(printSort({ key: sort, descending }))).toEqual({ key: sort, descending });
    expect(parseSort('')).toEqual(ARRIVAL);
    expect(parseSort('-nonsense')).toEqual(ARRIVAL);
  });
});
