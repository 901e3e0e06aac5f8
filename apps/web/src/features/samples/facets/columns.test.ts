import type { FacetValue } from '@flywheel/domain/facet';
import { describe, expect, it } from 'vitest';
import { columnsOf, rangeOver } from './columns.ts';

const value = (n: number | string, total: number, count = total): FacetValue => ({
  value: String(n),
  label: String(n),
  count,
  total,
  selected: false,
});

describe('histogram columns', () => {
  it('[SA7] few numbers get a column each; words are left out', () => {
    const columns = columnsOf([value(0, 5), value(1, 3), value(2, 2), value('clean', 9)], [], 'S');
    expect(columns.map((c) => [c.label, c.total])).toEqual([
      ['S0', 5],
      ['S1', 3],
      ['S2', 2],
    ]);
    expect(columns[0]?.filter).toEqual({ kind: 'is', value: '0' });
  });

  it('[SA7] many numbers are binned, the rare long ones into an open column, and nothing is counted twice or lost', () => {
    const values = Array.from({ length: 60 }, (_, n) => value(n, n < 16 ? 100 : 1));
    const columns = columnsOf(values, [{ kind: 'range', min: 2, max: 4 }], '');
    expect(columns.length).toBeLessThanOrEqual(9);
    expect(columns.at(-1)?.filter).toMatchObject({ kind: 'range', max: null });
    expect(columns.reduce((sum, c) => sum + c.total, 0)).toBe(1600 + 44);
    expect(columns.filter((c) => c.selected !== 'none').length).toBeGreaterThan(0);
  });

  it('[SA7] a range over two columns holds both, also with an open end', () => {
    expect(rangeOver({ kind: 'is', value: '5' }, { kind: 'range', min: 1, max: 2 })).toEqual({
      kind: 'range',
      min: 1,
      max: 5,
    });
    expect(rangeOver({ kind: 'is', value: '5' }, { kind: 'range', min: 9, max: null })).toEqual({
      kind: 'range',
      min: 5,
      max: null,
    });
  });
});
