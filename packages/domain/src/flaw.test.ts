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
