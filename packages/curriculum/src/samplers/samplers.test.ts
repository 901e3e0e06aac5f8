import { seededRandom } from '@flywheel/domain/metrics/random';
import { describe, expect, it } from 'vitest';
import type { SlicePassRate, Tally } from './pass-rate.ts';
import { SAMPLERS, SamplerId } from './samplers.ts';

const slice = (key: string, rates: readonly number[], natural = 0.25): SlicePassRate => ({
  key,
  natural,
  history: rates.map((rate): Tally => ({ n: 1_000, passed: Math.round(1_000 * rate) })),
});
const shares = (id: SamplerId, slices: readonly SlicePassRate[]): number[] => SAMPLERS[id].shares(slices);
const largest = (id: SamplerId, slices: readonly SlicePassRate[]): string | undefined => {
  const given = shares(id, slices);
  return slices[given.indexOf(Math.max(...given))]?.key;
};

describe.each(SamplerId.options)('%s', (id) => {
  it('[C9] gives shares of 0 or more that sum to 1, whatever was measured', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 300; round++) {
      const slices = Array.from(
        { length: 1 + Math.floor(random() * 12) },
        (_, i): SlicePassRate => ({
          key: String(i),
          natural: round % 5 === 0 ? 0 : random(),
          history: Array.from({ length: Math.floor(random() * 5) }, () => {
            const n = random() < 0.2 ? 0 : Math.floor(random() * 50);
            return { n, passed: [0, n, Math.floor(random() * (n + 1))][Math.floor(random() * 3)] ?? 0 };
          }),
        }),
      );
      const given = shares(id, slices);
      expect(given).toHaveLength(slices.length);
      for (const share of given) expect(share).toBeGreaterThanOrEqual(0);
      expect(Math.abs(given.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-9);
    }
  });

  it('[C9] gives the same for the same, and each slice its share wherever it stands', () => {
    const slices = [slice('a', [0.1, 0.3], 0.5), slice('b', [0.9, 0.9], 0.3), slice('c', [0.5, 0.2], 0.2)];
    const [a = 0, b = 0, c = 0] = shares(id, slices);
    expect(shares(id, slices)).toEqual([a, b, c]);
    const turned = shares(id, slices.toReversed());
    for (const [i, share] of [c, b, a].entries()) expect(turned[i]).toBeCloseTo(share, 12);
  });
});

it('[C10] natural is the stream; uniform knows nothing', () => {
  const slices = [slice('easy', [0.9], 3), slice('hard', [0.1], 1)];
  expect(shares('natural', slices)).toEqual([0.75, 0.25]);
  expect(shares('uniform', slices)).toEqual([0.5, 0.5]);
});

it('[C10] failure-weighted falls with the pass rate, and forgets none', () => {
  const given = shares('failure-weighted', [slice('a', [1]), slice('b', [0.5]), slice('c', [0])]);
  expect(given[0]).toBeGreaterThanOrEqual(0.05);
  expect(given[1]).toBeGreaterThan(given[0] as number);
  expect(given[2]).toBeGreaterThan(given[1] as number);
  // Of what is not spread evenly: 0, one third, two thirds.
  expect(given[2]).toBeCloseTo(0.05 + (0.85 * 2) / 3, 2);
});

it('[C10] the target band wants what is sometimes solved, then what is not yet, then what is', () => {
  const [known = 0, band = 0, beyond = 0, edge = 0] = shares('target-band', [
    slice('known', [0.95]),
    slice('band', [0.5]),
    slice('beyond', [0.05]),
    slice('edge', [0.21]),
  ]);
  expect(band).toBe(edge);
  expect(band).toBeGreaterThan(beyond);
  expect(beyond).toBeGreaterThan(known);
});

it('[C10] adaptive difficulty starts with the easiest, rises while it is solved, and falls back while it is not', () => {
  const never = ['easy', 'middle', 'hard'].map((key): SlicePassRate => ({ key, natural: 1, history: [] }));
  expect(new Set(shares('adaptive-difficulty', never)).size).toBe(1);
  const rates = (...generations: [number, number, number][]) =>
    ['easy', 'middle', 'hard'].map((key, i) =>
      slice(
        key,
        generations.map((g) => g[i] as number),
      ),
    );
  // T is 0, then 0 + 50 tanh(2 (about 0.8 - 0.5)): near 26; with all solved again it goes on up.
  const solved: [number, number, number] = [0.98, 0.98, 0.98];
  expect(largest('adaptive-difficulty', rates([0.95, 0.5, 0.02]))).not.toBe('hard');
  expect(largest('adaptive-difficulty', rates([0.95, 0.5, 0.02], solved, solved))).toBe('hard');
  const failed: [number, number, number] = [0, 0, 0];
  expect(largest('adaptive-difficulty', rates([0.95, 0.5, 0.02], failed, failed))).toBe('easy');
});

it('[C10] learning progress wants what changes, up or down, and knows nothing from one generation', () => {
  const given = shares('learning-progress', [
    slice('still', [0.5, 0.5]),
    slice('up', [0.2, 0.5]),
    slice('down', [0.8, 0.5]),
  ]);
  expect(given[1]).toBeCloseTo(given[2] as number, 9);
  expect(given[0]).toBeCloseTo(0.1 / 3, 9);
  expect(shares('learning-progress', [slice('a', [0.1]), slice('b', [0.9])])).toEqual([0.5, 0.5]);
});

it('[C10] the bandit wants a pass rate of a half, and remembers what paid before', () => {
  expect(largest('bandit', [slice('known', [0.99]), slice('half', [0.5]), slice('never', [0.01])])).toBe(
    'half',
  );
  const [paid = 0, poor = 0] = shares('bandit', [slice('paid', [0.5, 0.99]), slice('poor', [0.99, 0.99])]);
  expect(paid).toBeGreaterThan(poor);
});

it('[C11] a generation in which a slice was not measured says nothing about it', () => {
  const none = { n: 0, passed: 0 };
  const known = (history: Tally[]): SlicePassRate => ({ key: 'known', natural: 0.5, history });
  const mastered = { n: 1_000, passed: 990 };
  const other = slice('other', [0.5, 0.5]);
  for (const id of SamplerId.options)
    expect(shares(id, [known([none, none]), other]), id).toEqual(shares(id, [known([]), other]));
  for (const id of ['failure-weighted', 'target-band'] as const)
    expect(shares(id, [known([mastered, none]), other])[0], id).toBeLessThan(0.1);
});

it('[C11] learning progress is not moved by the number of items alone', () => {
  const still: SlicePassRate = {
    key: 'still',
    natural: 0.5,
    history: [
      { n: 2, passed: 0 },
      { n: 100, passed: 0 },
    ],
  };
  expect(shares('learning-progress', [still, slice('up', [0.3, 0.35])])[0]).toBeCloseTo(0.05, 9);
});

it('[C11] a slice that is measured later has the difficulty that it then shows', () => {
  const late = (rate: number): SlicePassRate => ({
    key: 'late',
    natural: 0.5,
    history: [
      { n: 0, passed: 0 },
      { n: 1_000, passed: 1_000 * rate },
    ],
  });
  // The target is near 36 after the first generation, which only the easy slice speaks for.
  expect(largest('adaptive-difficulty', [late(0.02), slice('easy', [0.95, 0.1])])).toBe('easy');
  expect(largest('adaptive-difficulty', [late(0.02), slice('easy', [0.95, 0.95])])).toBe('late');
});
