import { expect, test } from 'vitest';
import { cutToTokens, stubTokens } from './count-tokens.ts';

test('[L4] a cut is the longest beginning that counts no more than the limit', () => {
  const words = Array.from({ length: 40 }, (_, n) => `w${n}`);
  for (let limit = 0; limit <= 60; limit++) {
    const cut = cutToTokens(words.join(' \n'), limit);
    expect(stubTokens(cut)).toBeLessThanOrEqual(limit);
    const kept = cut === '' ? 0 : cut.split(' \n').length;
    if (kept < words.length) expect(stubTokens(words.slice(0, kept + 1).join(' '))).toBeGreaterThan(limit);
  }
});
