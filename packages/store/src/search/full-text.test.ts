import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { joinTexts } from '@flywheel/domain/trace-block';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommonWords } from './common-words.ts';
import { FullText, type Leaf } from './full-text.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const random = seededRandom(9);
/** `the` is in nearly all texts, `rare` in few. */
const words = (): string =>
  [
    ...(random() < 0.95 ? ['The'] : []),
    ...(random() < 0.001 ? ['rare'] : []),
    ...Array.from({ length: 3 }, () => `w${Math.floor(random() * 40)}`),
  ].join(' ');

it('[S68] what is kept of a search grows with the index: at any time, also over a restart, it finds what a scan finds', () => {
  const path = join(folder, 'index.sqlite');
  let index = new FullText(path);
  const texts: string[] = [];
  const problems: string[] = [];
  const problemOf: number[] = [];
  const add = (n: number): void => {
    const from = texts.length;
    const fresh: { seq: number; text: string }[] = [];
    for (let i = 0; i < n; i++) {
      if (i % 3 === 0) {
        fresh.push({ seq: problems.length, text: words() });
        problems.push(fresh.at(-1)?.text ?? '');
      }
      texts.push(words());
      problemOf.push(problems.length - 1);
    }
    index.add({
      problems: fresh,
      traces: n,
      rationales: [],
      blocks: [
        {
          rows: Uint32Array.from({ length: n }, (_, i) => i),
          seqs: Uint32Array.from({ length: n }, (_, i) => from + i),
          problems: Uint32Array.from(problemOf.slice(from)),
          steps: joinTexts(texts.slice(from)),
        },
      ],
    });
  };
  const leaves: Leaf[] = [
    { op: 'term', text: 'the' },
    { op: 'term', text: 'THE' },
    { op: 'term', text: 'rare' },
    { op: 'prefix', text: 'w1' },
    { op: 'phrase', text: 'the w3' },
  ];
  const holds = (leaf: Leaf, text: string): boolean => {
    const words = text.toLowerCase().split(' ');
    const asked = leaf.text.toLowerCase().split(' ');
    return leaf.op === 'prefix'
      ? words.some((w) => w.startsWith(asked[0] ?? ''))
      : words.some((_, i) => asked.every((w, k) => words[i + k] === w));
  };
  const check = (): void => {
    for (const leaf of leaves) {
      const hits = index.find(leaf);
      const wrong = texts.findIndex(
        (text, i) => hits.has(i) !== (holds(leaf, text) || holds(leaf, problems[problemOf[i] ?? 0] ?? '')),
      );
      expect([leaf.text, wrong, hits.size]).toEqual([leaf.text, -1, texts.length]);
    }
  };
  for (const [round, n] of [25_000, 900, 1, 30_000, 7_000].entries()) {
    add(n);
    check();
    if (round === 1) while (index.warm());
    if (round === 2) {
      index.close();
      index = new FullText(path);
      index.link(Int32Array.from(problemOf));
      check();
    }
  }
  index.close();
});

it('[S68] common words are told from a sample, the most frequent first, and only once', () => {
  const common = new CommonWords();
  for (let i = 0; i < 40_000; i++) common.add(words());
  expect(common.take()[0]).toBe('the');
  expect(common.take()).toEqual([]);
  for (let i = 0; i < 100; i++) common.add('few');
  expect(common.take()).toEqual([]);
});
