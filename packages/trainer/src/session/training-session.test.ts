import { expect, it } from 'vitest';
import { ExampleStream } from '../data/stream.ts';
import { initialWeights } from '../llama/parameters.ts';
import { OPTIMISER, randomExamples, SMALL, testRuntime } from '../testing.fixture.ts';
import { freshState, TrainingSession, type TrainingState } from './training-session.ts';

const BATCH = { rows: 4, length: 16 };
const examples = randomExamples(40, SMALL.vocabulary, 6);
const open = async (state: TrainingState = freshState(initialWeights(SMALL, 3))): Promise<TrainingSession> =>
  TrainingSession.open(await testRuntime(), { shape: SMALL, batch: BATCH, optimiser: OPTIMISER, state });
const stream = (taken = 0): ExampleStream =>
  new ExampleStream(examples, { ...BATCH, learned: 30, seed: 1 }, taken);

const learn = async (session: TrainingSession, texts: ExampleStream, steps: number): Promise<number[]> => {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await session.step(texts.next(), 1e-2)).loss);
  return losses;
};

it('[N7] the loss falls, and what was not learned from does not change the weights', async () => {
  const session = await open();
  const batch = stream().next();
  const before = await session.loss(batch);
  expect(await session.loss(batch)).toBe(before);
  const losses = await learn(session, stream(), 150);
  expect(losses[0]).toBeCloseTo(before, 5);
  // Random completions can only be learned by heart: each of forty texts is seen some twenty times.
  expect(losses.slice(-10).reduce((a, b) => a + b, 0) / 10).toBeLessThan(before / 2);
  expect(session.steps).toBe(150);
  await session.close();
});

it('[N8] the same seed gives the same weights, and what is interrupted goes on to the same weights bit by bit', async () => {
  const [whole, again, cut] = [await open(), await open(), await open()];
  await learn(whole, stream(), 12);
  await learn(again, stream(), 12);
  const expected = await whole.state();
  expect(await again.state()).toEqual(expected);
  const texts = stream();
  await learn(cut, texts, 5);
  const resumed = await open(await cut.state());
  await learn(resumed, stream(texts.taken), 7);
  expect(await resumed.state()).toEqual(expected);
  for (const session of [whole, again, cut, resumed]) await session.close();
});

it('[N9] a loss that is no number ends training with the state before it', async () => {
  const session = await open();
  const before = await session.state();
  const batch = stream().next();
  batch.counts[batch.counts.findIndex((c) => c > 0)] = Number.NaN;
  await expect(session.step(batch, 1e-2)).rejects.toThrow(/step 1: training does not go on. Begin again/);
  expect(await session.state()).toEqual(before);
  await session.close();
});

it('[N9] a state of another shape is refused', async () => {
  await expect(open(freshState(new Float32Array(10)))).rejects.toThrow(/it is of another shape/);
});
