import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { randomExamples } from '../testing.fixture.ts';
import type { Example } from './example.ts';
import { type Batch, pack } from './pack.ts';
import { ExampleStream } from './stream.ts';

/** The texts of a batch, read back: prompt and completion of each, by what counts. */
const textsOf = (batch: Batch, length: number): string[] => {
  const texts: string[] = [];
  for (let row = 0; row < batch.tokens.length / length; row++) {
    const positions = Array.from({ length }, (_, t) => row * length + t);
    for (let segment = 1; ; segment++) {
      const own = positions.filter((at) => batch.segments[at] === segment);
      const [first] = own;
      if (first === undefined) break;
      const ids = [batch.tokens[first], ...own.map((at) => batch.targets[at])];
      const completion = own.filter((at) => (batch.counts[at] ?? 0) > 0).length;
      texts.push(`${ids.slice(0, -completion)} | ${ids.slice(-completion)}`);
    }
  }
  return texts.sort();
};
const written = ({ prompt, completion }: Example): string => `${prompt} | ${completion}`;

it('[N4] what is packed are the texts, whole and once, and their completions count alike', () => {
  const random = seededRandom(9);
  for (let round = 0; round < 100; round++) {
    const shape = { rows: 1 + Math.floor(random() * 5), length: 10 + Math.floor(random() * 20) };
    const examples = randomExamples(Math.ceil(random() * shape.rows), 30, round);
    const batch = pack(examples, shape);
    expect(textsOf(batch, shape.length)).toEqual(examples.map(written).sort());
    expect(batch.counts.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(new Set(batch.counts.filter((c) => c > 0)).size).toBe(1);
    expect(batch.segments.filter((s) => s > 0)).toHaveLength(batch.filled);
  }
});

it('[N4] a text that does not fit, or has nothing to learn, is refused by its number', () => {
  const shape = { rows: 1, length: 4 };
  expect(() => pack([{ prompt: [1, 2, 3], completion: [4, 5, 6] }], shape)).toThrow(
    'Text 0 has 6 tokens; 5 at most',
  );
  expect(() => pack([{ prompt: [], completion: [4] }], shape)).toThrow('Text 0 has no prompt.');
  expect(() => pack([{ prompt: [1], completion: [] }], shape)).toThrow('Text 0 has no completion.');
  expect(() => pack(randomExamples(9, 5, 1), { rows: 1, length: 16 })).toThrow(
    'do not fit into 1 rows of 16',
  );
});

it('[N10] each epoch has every text once, in another order; an update never passes its tokens', () => {
  const examples = randomExamples(30, 12, 4).map((example, i) => ({
    ...example,
    prompt: [...example.prompt, 100 + i],
  }));
  const options = { rows: 6, length: 24, learned: 25, seed: 2 };
  const stream = new ExampleStream(examples, options);
  const seen: string[] = [];
  while (seen.length < 60) {
    const batch = stream.next();
    expect(batch.learned).toBeLessThanOrEqual(25);
    seen.push(...textsOf(batch, options.length));
    expect(stream.taken).toBe(seen.length);
  }
  const counts = new Map<string, number>();
  for (const text of seen) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const example of examples)
    expect(counts.get(written(example))).toBeGreaterThanOrEqual(seen.length > 60 ? 1 : 2);
  expect(() => new ExampleStream([], options)).toThrow('no text to learn from');
});

it('[N10] a stream that begins where another stood goes on as that one', () => {
  const examples = randomExamples(17, 12, 5);
  const options = { rows: 2, length: 16, learned: 14, seed: 8 };
  const whole = new ExampleStream(examples, options);
  for (let i = 0; i < 9; i++) whole.next();
  const resumed = new ExampleStream(examples, options, whole.taken);
  for (let i = 0; i < 9; i++) expect(resumed.next()).toEqual(whole.next());
});
