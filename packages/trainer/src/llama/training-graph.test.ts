import { expect, it } from 'vitest';
import { type Batch, pack } from '../data/pack.ts';
import { normals, OPTIMISER, randomExamples, runModel, SMALL } from '../testing.fixture.ts';
import { countDecayed, countParameters, initialWeights } from './parameters.ts';
import { gradientGraph, lossGraph, trainingGraph } from './training-graph.ts';

const SHAPE = { rows: 3, length: 16 };
const feeds = (batch: Batch, { rows, length } = SHAPE) => {
  const dims = [rows, length];
  const { tokens, targets, segments, counts } = batch;
  return {
    tokens: { data: tokens, dims },
    targets: { data: targets, dims },
    segments: { data: segments, dims },
    counts: { data: counts, dims },
  };
};
const count = countParameters(SMALL);
const weights = initialWeights(SMALL, 5);
const vector = (data: Float32Array) => ({ data, dims: [data.length] });
const examples = randomExamples(5, SMALL.vocabulary, 2);
const batch = pack(examples, SHAPE);

const largest = (a: Float32Array): number => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? Number.NaN))), 0);

it('[N3] the decoder’s gradient is that of finite differences, in random directions and by single weights', async () => {
  const model = gradientGraph(SMALL, SHAPE);
  const lossAt = async (moved: Float32Array): Promise<number> =>
    (await runModel(lossGraph(SMALL, SHAPE), { ...feeds(batch), weights: vector(moved) })).loss?.[0] ??
    Number.NaN;
  const { gradient = new Float32Array() } = await runModel(model, {
    ...feeds(batch),
    weights: vector(weights),
  });
  for (let round = 0; round < 8; round++) {
    const direction = normals(count, 100 + round);
    const slopeOver = async (step: number): Promise<number> => {
      const along = (sign: number) => weights.map((w, i) => w + sign * step * (direction[i] as number));
      return ((await lossAt(along(1))) - (await lossAt(along(-1)))) / (2 * step);
    };
    // Richardson's extrapolation: steps large enough for float32 would be too large for a plain difference.
    const slope = (4 * (await slopeOver(1e-3)) - (await slopeOver(2e-3))) / 3;
    const expected = gradient.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
    expect(Math.abs(slope - expected)).toBeLessThan(5e-3 * Math.max(1, Math.abs(expected)));
  }
  const order = [...gradient.keys()].sort((a, b) => Math.abs(gradient[b] ?? 0) - Math.abs(gradient[a] ?? 0));
  for (const i of order.slice(0, 20)) {
    const moved = (by: number) => weights.with(i, (weights[i] as number) + by);
    const slope = ((await lossAt(moved(3e-3))) - (await lossAt(moved(-3e-3)))) / 6e-3;
    expect(Math.abs(slope - (gradient[i] as number)) / largest(gradient)).toBeLessThan(5e-3);
  }
});

it('[N4] texts that share a row give the loss and the gradient that they give in rows of their own', async () => {
  const alone = { rows: examples.length, length: 16 };
  const packed = await runModel(gradientGraph(SMALL, SHAPE), { ...feeds(batch), weights: vector(weights) });
  const padded = await runModel(gradientGraph(SMALL, alone), {
    ...feeds(spread(alone.length), alone),
    weights: vector(weights),
  });
  expect(Math.max(...batch.segments)).toBeGreaterThan(1);
  expect(packed.loss?.[0]).toBeCloseTo(padded.loss?.[0] ?? 0, 5);
  const [a, b] = [packed.gradient as Float32Array, padded.gradient as Float32Array];
  expect(farthest(a, b)).toBeLessThan(1e-5 * Math.max(1, largest(b)));
});

/** Each text in a row of its own. */
const spread = (length: number): Batch => {
  const each = examples.map((example) => pack([example], { rows: 1, length }));
  const learned = batch.learned;
  const joined = <T extends 'tokens' | 'targets' | 'segments'>(name: T) =>
    Int32Array.from(each.flatMap((one) => [...one[name]]));
  return {
    tokens: joined('tokens'),
    targets: joined('targets'),
    segments: joined('segments'),
    counts: Float32Array.from(each.flatMap((one) => [...one.counts].map((c) => (c * one.learned) / learned))),
    learned,
    filled: batch.filled,
  };
};

it('[N5] what a prompt foretells does not count: other targets there change neither loss nor gradient', async () => {
  const model = gradientGraph(SMALL, SHAPE);
  const before = await runModel(model, { ...feeds(batch), weights: vector(weights) });
  const targets = batch.targets.map((id, i) => (batch.counts[i] === 0 ? (id + 5) % SMALL.vocabulary : id));
  expect(targets).not.toEqual(batch.targets);
  expect(await runModel(model, { ...feeds({ ...batch, targets }), weights: vector(weights) })).toEqual(
    before,
  );
  const completion = batch.targets.map((id, i) => (batch.counts[i] === 0 ? id : (id + 5) % SMALL.vocabulary));
  const other = await runModel(model, {
    ...feeds({ ...batch, targets: completion }),
    weights: vector(weights),
  });
  expect(other.loss?.[0]).not.toBe(before.loss?.[0]);
});

it.each([
  ['no decay, no clipping', { weightDecay: 0, clip: 1e9 }],
  ['decay', { weightDecay: 0.3, clip: 1e9 }],
  ['decay and clipping', { weightDecay: 0.3, clip: 0.05 }],
])('[N6] a step is AdamW’s as written out in numbers: %s', async (_, changes) => {
  const optimiser = { ...OPTIMISER, ...changes };
  const { beta1, beta2, epsilon, weightDecay, clip } = optimiser;
  const [mean, variance] = [
    normals(count, 8).map((x) => x / 50),
    normals(count, 9).map((x) => (x * x) / 500),
  ];
  const [rate, step] = [3e-3, 4];
  const scalar = (x: number) => ({ data: Float32Array.of(x), dims: [] });
  const state = { weights: vector(weights), mean: vector(mean), variance: vector(variance) };
  const { gradient = new Float32Array() } = await runModel(gradientGraph(SMALL, SHAPE), {
    ...feeds(batch),
    weights: state.weights,
  });
  const made = await runModel(trainingGraph(SMALL, SHAPE, optimiser), {
    ...feeds(batch),
    ...state,
    rate: scalar(rate),
    correction1: scalar(1 / (1 - beta1 ** step)),
    correction2: scalar(1 / (1 - beta2 ** step)),
  });
  const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
  expect(Math.abs((made.norm?.[0] ?? 0) / norm - 1)).toBeLessThan(1e-5);
  const factor = Math.min(1, clip / (norm + 1e-6));
  expect(factor < 1).toBe(clip < 1);
  const next = {
    weights: new Float32Array(count),
    mean: new Float32Array(count),
    variance: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const g = (gradient[i] as number) * factor;
    const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
    const v = beta2 * (variance[i] as number) + (1 - beta2) * g * g;
    const adam = m / (1 - beta1 ** step) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
    const decay = i < countDecayed(SMALL) ? weightDecay * (weights[i] as number) : 0;
    next.weights[i] = (weights[i] as number) - rate * (adam + decay);
    next.mean[i] = m;
    next.variance[i] = v;
  }
  for (const name of ['weights', 'mean', 'variance'] as const) {
    const far = farthest(made[`next.${name}`] as Float32Array, next[name]);
    expect(far, name).toBeLessThan(2e-6 * Math.max(1, largest(next[name])));
  }
});
