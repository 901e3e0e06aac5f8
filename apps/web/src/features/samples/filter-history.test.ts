import { describe, expect, it } from 'vitest';
import { canRedo, canUndo, current, move, startHistory, visit } from './filter-history.ts';

describe('undo and redo of filters', () => {
  const three = visit(visit(startHistory(''), 'task:a'), 'task:a model:b');

  it('[SA1] undo goes back one query at a time, redo forth, and both stop at the ends', () => {
    const once = move(three, -1);
    expect(current(once)).toBe('task:a');
    expect(current(move(once, -1))).toBe('');
    expect(canUndo(move(once, -1))).toBe(false);
    expect(move(move(once, -1), -1)).toEqual(move(once, -1));
    expect(move(once, 1)).toEqual(three);
    expect(canRedo(three)).toBe(false);
  });

  it('[SA1] a new query after an undo forgets what was undone; the same query changes nothing', () => {
    const branched = visit(move(three, -1), 'steps:3');
    expect(branched.queries).toEqual(['', 'task:a', 'steps:3']);
    expect(visit(branched, 'steps:3')).toBe(branched);
  });
});
