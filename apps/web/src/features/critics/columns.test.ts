import { expect, it } from 'vitest';
import { type Cell, cellOfTry, flipOf } from './columns.ts';
import { toggleMark } from './marks.ts';

const said = (at: Cell['at'], settled = true): Cell => ({ word: '', at, settled, why: '', stale: null });

it('a flip is told from gold; without gold it only differs', () => {
  expect(flipOf(said(1), said(2), 2)).toBe('now right');
  expect(flipOf(said('clean'), said(2), 'clean')).toBe('now wrong');
  expect(flipOf(said(1), said(2), 3)).toBe('both wrong');
  expect(flipOf(said(1), said(2), null)).toBe('differs');
  expect(flipOf(said(1), said(1), 3)).toBe('same');
});

it('what has not been answered is no flip; what did not parse is an answer, and never clean', () => {
  expect(flipOf(said(null, false), said(2), 2)).toBeNull();
  expect(flipOf(said(null), said('clean'), 'clean')).toBe('now right');
  expect(flipOf(said('clean'), said(null), 'clean')).toBe('now wrong');
  expect(cellOfTry({ state: 'waiting', text: '' }, null)).toMatchObject({ word: 'waiting', settled: false });
});

it('the first mark is A, the second B, a third takes the place of B', () => {
  const none = { a: null, b: null };
  expect(toggleMark(toggleMark(none, 3), 5)).toEqual({ a: 3, b: 5 });
  expect(toggleMark({ a: 3, b: 5 }, 7)).toEqual({ a: 3, b: 7 });
  expect(toggleMark({ a: 3, b: 5 }, 3)).toEqual({ a: 5, b: null });
  expect(toggleMark({ a: 3, b: 5 }, 5)).toEqual({ a: 3, b: null });
});
