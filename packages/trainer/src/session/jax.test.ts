import { expect, it } from 'vitest';
import { ExampleStream } from '../data/stream.ts';
import { jaxDecoder } from '../jax-decoder.fixture.ts';
import { huggingFaceWeights } from '../llama/hugging-face.ts';
import { initialWeights } from '../llama/parameters.ts';
import { OPTIMISER, randomExamples, SMALL, testRuntime } from '../testing.fixture.ts';
import { freshState, TrainingSession } from './training-session.ts';

it('[N12] twenty steps give the losses and the weights that jax-js comes to, from equal weights and batches', async () => {
  const batch = { rows: 3, length: 16 };
  const weights = initialWeights(SMALL, 3);
  const optimiser = { ...OPTIMISER, clip: 0.5 };
  const state = freshState(weights);
  const ours = await TrainingSession.open(await testRuntime(), { shape: SMALL, batch, optimiser, state });
  const theirs = await jaxDecoder(SMALL, batch, optimiser, weights);
  const stream = new ExampleStream(randomExamples(60, SMALL.vocabulary, 1), {
    ...batch,
    learned: 40,
    seed: 4,
  });
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) {
    const next = stream.next();
    expect(Math.max(...next.segments)).toBeGreaterThan(1);
    const [a, b] = [(await ours.step(next, 3e-3)).loss, await theirs.step(next, 3e-3)];
    expect(Math.abs(a - b), `step ${i}`).toBeLessThan(2e-5);
    losses.push(a);
  }
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  const oracle = await theirs.weights();
  const own = huggingFaceWeights(SMALL, (await ours.state()).weights);
  expect([...own.keys()].sort()).toEqual([...oracle.keys()].sort());
  for (const [name, { values }] of own) {
    const other = oracle.get(name) ?? new Float32Array();
    expect(
      values.reduce((far, w, i) => Math.max(far, Math.abs(w - (other[i] ?? 9))), 0),
      name,
    ).toBeLessThan(2e-4);
  }
  await ours.close();
}, 120_000);
