import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSteps, diffWords } from './align.ts';

const step = fc.stringMatching(/^[ab =\d]{0,8}$/);

describe('two traces side by side', () => {
  it('[A1] every step of both stands there once, in order', () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (a, b) => {
        const pairs = alignSteps(a, b);
        expect(pairs.flatMap((p) => p.a ?? [])).toEqual(a.map((_, i) => i));
        expect(pairs.flatMap((p) => p.b ?? [])).toEqual(b.map((_, i) => i));
        expect(pairs.every((p) => (p.a === null || p.b === null) === (p.relation === 'only'))).toBe(true);
      }),
    );
  });

  it('[A2] a step that one of them skips leaves a gap, and the rest stays together', () => {
    const a = ['48 * 7 = 336', '48 * 20 = 960', '336 + 960 = 1296'];
    expect(alignSteps(a, [a[0] as string, '336 + 960 = 1286'])).toEqual([
      { a: 0, b: 0, relation: 'same' },
      { a: 1, b: null, relation: 'only' },
      { a: 2, b: 1, relation: 'similar' },
    ]);
  });

  it('[A3] runs of words joined again are the text; equal texts share everything', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (a, b) => {
        const [left, right] = diffWords(a, b);
        expect(left.map((r) => r.text).join('')).toBe(a);
        expect(right.map((r) => r.text).join('')).toBe(b);
        const common = (runs: typeof left) => runs.flatMap((r) => (r.shared ? r.text : [])).join('');
        expect(common(left)).toBe(common(right));
        if (a === b) expect(left.every((r) => r.shared)).toBe(true);
      }),
    );
    expect(diffWords('= 1296', '= 1286')[1]).toEqual([
      { text: '= ', shared: true },
      { text: '1286', shared: false },
    ]);
  });
});
