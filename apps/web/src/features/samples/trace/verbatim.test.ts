import type { Evidence } from '@flywheel/domain/judgement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from './pieces.ts';

const claim = (start: number, end: number, ok = false): Evidence => ({
  step: 0,
  start,
  end,
  claim: '',
  found: '',
  expected: '',
  ok,
});

describe('verbatim text', () => {
  it('[SA9] the pieces joined are the text, whatever ranges the evidence names', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(70), fc.nat(70), fc.boolean()), { maxLength: 6 }),
        (text, ranges) => {
          const pieces = piecesOf(
            text,
            ranges.map(([a, b, ok]) => claim(a, b, ok)),
          );
          expect(pieces.map((p) => p.text).join('')).toBe(text);
        },
      ),
    );
  });

  it('[SA9] only false claims are marked; of two that overlap, the first', () => {
    const marked = piecesOf('6*8 = <<6*8=49>>49', [claim(6, 16), claim(8, 14), claim(0, 3, true)]);
    expect(marked.filter((p) => p.claim).map((p) => p.text)).toEqual(['<<6*8=49>>']);
  });
});
