import { CATEGORIES } from '@flywheel/domain/category';
import { ReviewId, TraceId } from '@flywheel/domain/ids';
import { firstBad, Review } from '@flywheel/domain/review';
import { describe, expect, it } from 'vitest';
import { type Act, act, commitProblem, type Draft, newDraft, sign, signUndo } from './draft.ts';

const trace = TraceId.parse('00000000000000aa');
const fresh = (steps: number): Draft => newDraft(trace, steps, false);
const through = (d: Draft, ...acts: Act[]): Draft => acts.reduce(act, d);
const signing = {
  id: ReviewId.parse('6f9619ff-8b86-4d01-b42d-00cf4fc964ff'),
  reviewer: 'ada',
  action: 'commit' as const,
  reason: '',
  spentMs: 12.4,
  blind: true,
  at: 1,
};

/** mulberry32, so that a failure can be replayed from its printed seed. */
const generator = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

describe('a review in progress', () => {
  it('[R1] tells neutral from not looked at, and takes a label back with its own key', () => {
    const d = through(fresh(2), { do: 'label', label: 0 });
    expect(d.labels).toEqual([0, null]);
    expect(act(d, { do: 'label', label: 0 }).labels).toEqual([null, null]);
  });

  it('[R2] marks the first error with one key', () => {
    const d = through(
      fresh(6),
      { do: 'label', label: -1, step: 0 },
      { do: 'label', label: 0, step: 1 },
      { do: 'label', label: 1, step: 5 },
      { do: 'first-error', step: 3 },
    );
    expect(d.labels).toEqual([1, 0, 1, -1, null, null]);
    expect(d.cursor).toBe(3);
  });

  it('[R3] drops the category with the first error', () => {
    const d = through(fresh(2), { do: 'first-error', step: 1 }, { do: 'category', category: 'sign' });
    expect(d.category).toBe('sign');
    expect(act(d, { do: 'clean' }).category).toBeNull();
    expect(act(fresh(2), { do: 'category', category: 'sign' }).category).toBeNull();
  });

  it('[R5] refuses a commit that says nothing, and takes clean for an empty trace', () => {
    expect(commitProblem(fresh(3))).toMatch(/Nothing is marked/);
    expect(commitProblem(through(fresh(3), { do: 'label', label: 1 }))).toMatch(/2 of 3 steps/);
    expect(commitProblem(fresh(0))).not.toBeNull();
    expect(commitProblem(through(fresh(0), { do: 'clean' }))).toBeNull();
    expect(commitProblem(through(fresh(1), { do: 'label', label: 0 }))).toBeNull();
  });

  it('signs reviews that the domain accepts', () => {
    const d = through(fresh(3), { do: 'first-error', step: 2 }, { do: 'correct', step: 2, text: '4 < 5' });
    const review = Review.parse(sign(d, signing));
    expect(review).toMatchObject({ firstError: 2, labels: [1, 1, -1], spentMs: 12 });
    const back = Review.parse(signUndo(review, ReviewId.parse('7f9619ff-8b86-4d01-b42d-00cf4fc964ff'), 2));
    expect(back).toMatchObject({ action: 'undo', undoes: review.id, trace });
  });

  it('[R1-R5] holds under seeded random acts, and undo walks all the way back [R4]', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = generator(seed);
      const pick = (n: number): number => Math.floor(random() * n);
      const steps = pick(9);
      let d = fresh(steps);
      const trail: Draft[] = [];
      for (let i = 0; i < 60; i++) {
        const acts: Act[] = [
          { do: 'move', by: pick(7) - 3 },
          { do: 'goto', step: pick(12) - 1 },
          { do: 'label', label: ([1, 0, -1] as const)[pick(3)] ?? 1 },
          { do: 'first-error', step: pick(10) },
          { do: 'clean' },
          { do: 'category', category: CATEGORIES[pick(CATEGORIES.length)]?.id ?? null },
          { do: 'rationale', text: 'r'.repeat(pick(3)) },
          { do: 'correct', step: pick(10), text: random() < 0.3 ? null : String(pick(4)) },
          { do: 'flag' },
          { do: 'undo' },
        ];
        const a = acts[pick(acts.length)] ?? { do: 'flag' };
        const before = d;
        d = act(d, a);
        const note = `seed ${seed}, act ${i}: ${JSON.stringify(a)}`;
        expect(d.labels.length, note).toBe(steps);
        expect(d.cursor >= 0 && d.cursor <= Math.max(0, steps - 1), note).toBe(true);
        const k = firstBad(d.labels);
        if (k === null) expect(d.category, note).toBeNull();
        else expect(d.clean, note).toBe(false);
        if (a.do === 'first-error' && a.step !== undefined && a.step < steps) {
          expect(k, note).toBe(a.step);
          expect(d.labels.slice(0, a.step).includes(null), note).toBe(false);
          expect(
            d.labels.slice(a.step + 1).every((l) => l === null),
            note,
          ).toBe(true);
        }
        if (a.do === 'undo') {
          const expected = trail.pop();
          if (expected) expect({ ...d, cursor: 0 }, note).toEqual({ ...expected, cursor: 0 });
        } else if (d.past.length > before.past.length) trail.push(before);
        expect(Review.safeParse(sign(d, signing)).success, note).toBe(true);
      }
      while (d.past.length > 0) d = act(d, { do: 'undo' });
      expect({ ...d, cursor: 0 }, `seed ${seed}`).toEqual(fresh(steps));
    }
  });
});
