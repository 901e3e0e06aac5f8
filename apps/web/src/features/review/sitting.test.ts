import { ReviewId, TraceId } from '@flywheel/domain/ids';
import { describe, expect, it } from 'vitest';
import { act, newDraft, sign } from './draft.ts';
import {
  current,
  extend,
  finish,
  goTo,
  type LogEntry,
  newSitting,
  nextUnlabelled,
  type Sitting,
  takeBack,
  tally,
} from './sitting.ts';

const id = (n: number): TraceId => TraceId.parse(n.toString(16).padStart(16, '0'));
let reviews = 0;
const commitOf = (trace: TraceId): LogEntry => {
  const draft = act(newDraft(trace, 3, false), { do: 'first-error', step: 1 });
  reviews += 1;
  const review = sign(draft, {
    id: ReviewId.parse(`00000000-0000-4000-8000-${String(reviews).padStart(12, '0')}`),
    reviewer: 'ada',
    action: 'commit',
    reason: '',
    spentMs: 0,
    blind: true,
    at: reviews,
  });
  return { review, draft };
};
const commitHere = (s: Sitting): Sitting => {
  const trace = current(s);
  if (trace === null) throw new Error('nothing is open');
  return finish(s, commitOf(trace));
};

describe('a sitting', () => {
  it('[R6] goes to the next open trace, then to those left behind, then to the end', () => {
    let s = goTo(newSitting([id(1), id(2), id(3)], null), 1);
    s = commitHere(s);
    expect(current(s)).toBe(id(3));
    s = commitHere(s);
    expect(current(s)).toBe(id(1));
    s = commitHere(s);
    expect(current(s)).toBeNull();
    expect(nextUnlabelled(s, 0)).toBe(-1);
    expect(tally(s)).toMatchObject({ total: 3, located: 3, clean: 0 });
  });

  it('[R6] takes back commits one by one, with their drafts', () => {
    let s = commitHere(commitHere(newSitting([id(1), id(2)], null)));
    for (const expected of [id(2), id(1)]) {
      const back = takeBack(s);
      if (back === null) throw new Error('nothing to take back');
      s = back.sitting;
      expect(current(s)).toBe(expected);
      expect(s.drafts.get(expected)).toEqual(back.taken.draft);
      expect(s.done.has(expected)).toBe(false);
    }
    expect(takeBack(s)).toBeNull();
  });

  it('keeps the place: a trace of the URL that the queue has left is visited first', () => {
    expect(current(newSitting([id(1), id(2)], id(2)))).toBe(id(2));
    expect(newSitting([id(1)], id(9)).queue).toEqual([id(9), id(1)]);
  });

  it('extends without moving or repeating', () => {
    const s = extend(goTo(newSitting([id(1), id(2)], null), 1), [id(2), id(3)]);
    expect(s.queue).toEqual([id(1), id(2), id(3)]);
    expect(current(s)).toBe(id(2));
  });
});
