import { describe, expect, it } from 'vitest';
import { encodeStrip, resolveFlaw } from './flaw.ts';
import { JudgeId, TraceId } from './ids.ts';
import type { Judgement } from './judgement.ts';

const judgement = (judge: string, firstError: number | null, more: Partial<Judgement> = {}): Judgement => ({
  trace: TraceId.parse('0'.repeat(16)),
  judge: JudgeId.parse(judge),
  scope: 'steps',
  verdict: firstError === null ? 'clean' : 'flawed',
  firstError,
  labels: [],
  category: null,
  confidence: null,
  rationale: '',
  evidence: [],
  version: '1',
  imported: false,
  at: 0,
  ...more,
});
const PARTIAL = new Set(['verifier:calc-annotations']);
const resolve = (...judgements: Judgement[]) => resolveFlaw(3, judgements, PARTIAL);

describe('the resolved flaw', () => {
  it('[F1] human beats verifier beats critic beats local, and the conflict is kept', () => {
    const flaw = resolve(judgement('local:m', 0), judgement('critic:c', 1), judgement('verifier:v', 2));
    expect(flaw).toMatchObject({ firstError: 2, kind: 'verifier', conflict: true });
    expect(resolve(judgement('human:ada', null), judgement('verifier:v', 2))).toMatchObject({
      firstError: -1,
      kind: 'human',
      conflict: true,
    });
  });

  it('[F8] of the versions of one critic only the one that judged last speaks, for flaw, labels and conflict', () => {
    const old = judgement('critic:first@6', 0, { at: 1, labels: [-1, null, null], category: 'sign' });
    const flaw = resolve(judgement('critic:first@7', 2, { at: 2, labels: [null, 1, -1] }), old);
    expect(flaw).toMatchObject({ firstError: 2, kind: 'critic', category: null, conflict: false });
    expect(encodeStrip(flaw.labels)).toBe('.+-');
    // An older version that judged anew is the newest word; at the same time, the later in the list.
    expect(resolve(judgement('critic:first@7', 2, { at: 2 }), { ...old, at: 3 }).firstError).toBe(0);
    expect(resolve(old, judgement('critic:first@7', null, { at: 1 })).firstError).toBe(-1);
    // Another critic, and judges of other kinds, are voices of their own.
    expect(resolve(old, judgement('critic:first-error@7', 2, { at: 2 })).conflict).toBe(true);
    expect(resolve(judgement('local:m@1', 0), judgement('local:m@2', 1)).conflict).toBe(true);
    // A version that only looks at the answer does not silence one that looks at the steps.
    expect(resolve(old, judgement('critic:first@7', null, { at: 2, scope: 'outcome' })).firstError).toBe(0);
  });

  it("[F2] a partial judge's clean yields to a located error and is no conflict", () => {
    const flaw = resolve(judgement('verifier:calc-annotations', null), judgement('critic:c', 1));
    expect(flaw).toMatchObject({ firstError: 1, kind: 'critic', conflict: false });
    expect(flaw.agreement).toEqual({ verifier: -1, critic: 1, local: null, human: null });
  });

  it('[F3] among programs the earliest located error speaks', () => {
    expect(
      resolve(judgement('verifier:a', 2), judgement('verifier:b', 1), judgement('verifier:c', null))
        .firstError,
    ).toBe(1);
  });

  it('[F4] a reviewer outranks an imported label; the newest reviewer speaks', () => {
    const flaw = resolve(
      judgement('human:imported-gold', 0, { imported: true, at: 9 }),
      judgement('human:ada', 1, { at: 1 }),
      judgement('human:bob', 2, { at: 2 }),
    );
    expect(flaw).toMatchObject({ firstError: 2, kind: 'human', conflict: true });
  });

  it('[F5] outcome judgements do not touch the flaw; nobody looked is not clean', () => {
    expect(resolve(judgement('verifier:final-answer', null, { scope: 'outcome' }))).toMatchObject({
      firstError: null,
      kind: null,
      conflict: false,
    });
  });

  it('[F6] labels come from the strongest judge that looked at the step', () => {
    const flaw = resolve(
      judgement('human:ada', 1, { labels: [1, -1, null] }),
      judgement('verifier:v', 2, { labels: [1, 1, -1] }),
    );
    expect(encodeStrip(flaw.labels)).toBe('+--');
  });

  it('[F7] flawed at an unknown place agrees with any place, not with clean', () => {
    const unlocated = judgement('critic:c', null, { verdict: 'flawed' });
    expect(resolve(unlocated, judgement('verifier:v', 2)).conflict).toBe(false);
    expect(resolve(unlocated, judgement('human:ada', null)).conflict).toBe(true);
  });
});
