import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { choose, type Sampling } from './sampler.ts';

const LOGITS = Float32Array.from([1, 3, 2, -1, 0.5, 2.9]);
const NONE: ReadonlySet<number> = new Set();

const shares = (sampling: Sampling, n = 20_000): number[] => {
  const random = seededRandom(5);
  const counts = LOGITS.map(() => 0);
  for (let i = 0; i < n; i++) {
    const { id } = choose(LOGITS, sampling, NONE, random);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return Array.from(counts, (c) => c / n);
};
const softmax = (logits: number[]): number[] => {
  const e = logits.map(Math.exp);
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
};
const close = (got: number[], expected: number[]): void => {
  for (const [i, share] of expected.entries()) expect(Math.abs((got[i] ?? 9) - share)).toBeLessThan(0.015);
};

it('[I12] temperature 0 is greedy and asks for no chance; the log-probability is the model’s own', () => {
  const never = () => {
    throw new Error('asked');
  };
  expect(choose(LOGITS, { topK: 3 }, NONE, never).id).toBe(1);
  const { logprob } = choose(LOGITS, { repetitionPenalty: 2 }, new Set([1]), never);
  expect(logprob).toBeCloseTo(Math.log(softmax([...LOGITS])[5] ?? 0), 5);
});

it('[I12] a temperature draws by the softmax of the logits over it', () => {
  close(shares({ temperature: 1 }), softmax([...LOGITS]));
  close(shares({ temperature: 0.5 }), softmax([...LOGITS].map((l) => l / 0.5)));
});

it('[I12] top-k, top-p and min-p each leave their candidates, and the shares among them', () => {
  const among = (ids: number[]): number[] => {
    const part = softmax(ids.map((id) => LOGITS[id] ?? 0));
    return [...LOGITS].map((_, id) => (ids.includes(id) ? (part[ids.indexOf(id)] ?? 0) : 0));
  };
  close(shares({ temperature: 1, topK: 2 }), among([1, 5]));
  // 0.40 and 0.36 are less than 0.8 together; with 0.15 more than that.
  close(shares({ temperature: 1, topP: 0.8 }), among([1, 5, 2]));
  close(shares({ temperature: 1, minP: 0.3 }), among([1, 5, 2]));
  close(shares({ temperature: 1, topK: 3, topP: 0.5 }), among([1, 5]));
  expect(shares({ temperature: 1, topP: 1e-9 }, 200)[1]).toBe(1);
});

it('[I12] a repetition penalty makes tokens of the text less likely, whichever sign their logit has', () => {
  expect(choose(LOGITS, { repetitionPenalty: 1.2 }, new Set([1]), Math.random).id).toBe(5);
  const negative = Float32Array.from([-1, -1.1]);
  expect(choose(negative, { repetitionPenalty: 1.5 }, new Set([0]), Math.random).id).toBe(1);
});
