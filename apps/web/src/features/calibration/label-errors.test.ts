import { TraceId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import type { TraceDetail } from '@flywheel/domain/trace';
import { describe, expect, it } from 'vitest';
import { evidenceAgainstGold, positionWords, traceHref } from './label-errors.ts';

const trace = TraceId.parse('00000000000000aa');
const evidence: Evidence = {
  step: 1,
  start: 0,
  end: 5,
  claim: '2+2=5',
  found: '5',
  expected: '4',
  ok: false,
};
const detail = {
  judgements: [{ judge: 'verifier:equality-chain', evidence: [evidence] }],
} as unknown as TraceDetail;
const ask = (predicted: number | 'clean', gold: number | 'clean') =>
  evidenceAgainstGold({ trace, predicted, gold }, detail, 'verifier:equality-chain');

describe('label-error candidates', () => {
  it('need a failed calculation at the step that the judge names, before any step of gold', () => {
    expect(ask(1, 'clean')).toBe(evidence);
    expect(ask(1, 3)).toBe(evidence);
    expect(ask(1, 0)).toBeNull();
    expect(ask('clean', 1)).toBeNull();
    expect(ask(2, 'clean')).toBeNull();
  });

  it('says positions in words and opens traces by id', () => {
    expect([positionWords(3), positionWords('clean'), positionWords('unlocated')]).toEqual([
      'S3',
      'clean',
      'flawed, unlocated',
    ]);
    expect(traceHref(trace)).toBe('/samples?trace=00000000000000aa&q=id%3A00000000000000aa');
  });
});
