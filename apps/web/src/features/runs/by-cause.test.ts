import type { TraceId } from '@flywheel/domain/ids';
import { expect, it } from 'vitest';
import { byCause } from './by-cause.ts';

it('failed items of one error stand together, the most frequent first', () => {
  const items = [
    { trace: 'a' as TraceId, error: 'rare' },
    { trace: 'b' as TraceId, error: 'often' },
    { trace: 'c' as TraceId, error: 'often' },
  ];
  expect(byCause(items)).toEqual([
    { error: 'often', traces: ['b', 'c'] },
    { error: 'rare', traces: ['a'] },
  ]);
});
