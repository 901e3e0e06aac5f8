import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { lineDiff } from './line-diff.ts';

/** From scratch: the longest common subsequence by dynamic programming. */
const oracle = (before: string, after: string) => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      row[j] = line === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1] ?? 0);
      diagonal = above;
    }
  }
  const common = row[b.length] ?? 0;
  return { added: b.length - common, removed: a.length - common };
};

it('counts the lines that came and went', () => {
  expect(lineDiff('a\nb\nc', 'a\nb\nc')).toEqual({ added: 0, removed: 0 });
  expect(lineDiff('a\nb', 'a\nc\nd')).toEqual({ added: 2, removed: 1 });
  expect(lineDiff('', 'x')).toEqual({ added: 1, removed: 1 });
});

it('agrees with an oracle on random texts', () => {
  const random = seededRandom(11);
  const text = (): string =>
    Array.from({ length: Math.floor(random() * 14) }, () => 'abcd'[Math.floor(random() * 4)]).join('\n');
  for (let i = 0; i < 400; i++) {
    const [before, after] = [text(), text()];
    expect(lineDiff(before, after), JSON.stringify([before, after])).toEqual(oracle(before, after));
  }
});

it('two long texts without a line in common take no time to speak of', () => {
  const long = (word: string): string => Array.from({ length: 2_000 }, (_, i) => `${word} ${i}`).join('\n');
  expect(lineDiff(long('a'), long('b'))).toEqual({ added: 2_000, removed: 2_000 });
});
