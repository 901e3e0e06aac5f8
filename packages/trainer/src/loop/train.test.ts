import { expect, it } from 'vitest';
import { readCheckpoint, type TrainingCheckpoint, writeCheckpoint } from '../checkpoint/training-state.ts';
import { initialWeights } from '../llama/parameters.ts';
import { freshState } from '../session/training-session.ts';
import { OPTIMISER, randomExamples, SMALL, testRuntime } from '../testing.fixture.ts';
import {
  START,
  type Training,
  type TrainingHooks,
  type TrainingPoint,
  type TrainingSettings,
  train,
} from './train.ts';

const SETTINGS: TrainingSettings = {
  shape: SMALL,
  rows: 4,
  length: 16,
  tokensPerUpdate: 30,
  tokenBudget: 900,
  schedule: { peak: 1e-2, warmUp: 100, floor: 0.1 },
  optimiser: OPTIMISER,
  seed: 3,
};
const training = (changes: Partial<Training> = {}): Training => ({
  settings: SETTINGS,
  examples: randomExamples(30, SMALL.vocabulary, 1),
  validation: randomExamples(6, SMALL.vocabulary, 2),
  start: { state: freshState(initialWeights(SMALL, 1)), place: START },
  ...changes,
});
const run = async (of: Training, hooks: TrainingHooks = {}) => {
  const points: TrainingPoint[] = [];
  const done = await train(await testRuntime(), of, { every: 3, onPoint: (p) => points.push(p), ...hooks });
  return { ...done, points };
};

it('[N13] ends when the budget of tokens is used up, and tells of every update on the way', async () => {
  const { end, state, place, points } = await run(training());
  expect(end).toBe('completed');
  expect(place.learned).toBeGreaterThanOrEqual(900);
  expect(place.learned).toBeLessThan(930);
  expect(points.at(-1)).toMatchObject({ step: state.steps, learned: place.learned, left: 0 });
  expect(points.map(({ step }) => step)).toEqual(points.map((_, i) => Math.min(3 * (i + 1), state.steps)));
  for (const { loss, norm, rate, tokensPerSecond, textTokensPerSecond, validation } of points) {
    for (const figure of [loss, norm, rate, tokensPerSecond]) expect(figure).toBeGreaterThan(0);
    expect(textTokensPerSecond).toBeGreaterThan(tokensPerSecond);
    expect(validation).toBeGreaterThan(0);
  }
  expect(points.at(-1)?.loss).toBeLessThan(points[0]?.loss ?? 0);
});

it('[N8] a training that is stopped anywhere, kept as a file and gone on with comes to the same weights bit by bit', async () => {
  const whole = await run(training());
  for (const steps of [1, 7, 20]) {
    const stop = new AbortController();
    const cut = await run(training(), {
      every: 1,
      signal: stop.signal,
      onPoint: ({ step }) => step === steps && stop.abort(),
    });
    expect([cut.end, cut.state.steps]).toEqual(['stopped', steps]);
    const { state, place } = cut;
    const file = writeCheckpoint({ shape: SMALL, state, place, fingerprint: 'f' });
    const resumed = await run(training({ start: readCheckpoint(file) }));
    expect(resumed.state).toEqual(whole.state);
    expect({ ...resumed.place, seconds: 0 }).toEqual({ ...whole.place, seconds: 0 });
  }
});

it('[N8] each checkpoint on the way leads to the same end', async () => {
  const kept: Pick<TrainingCheckpoint, 'state' | 'place'>[] = [];
  const whole = await run(training(), {
    every: 2,
    pointsPerCheckpoint: 3,
    onCheckpoint: async (checkpoint) => void kept.push(checkpoint),
  });
  expect(kept.map(({ state }) => state.steps)).toEqual(
    Array.from({ length: kept.length }, (_, i) => 6 * (i + 1)),
  );
  expect(kept.length).toBeGreaterThan(2);
  expect((await run(training({ start: kept[1] as (typeof kept)[number] }))).state).toEqual(whole.state);
});

it('[N13] ends when its time is over, also where a part of it was used before', async () => {
  const start = { state: freshState(initialWeights(SMALL, 1)), place: { ...START, seconds: 60 } };
  const { end, state } = await run(training({ start }), { secondBudget: 60 });
  expect([end, state.steps]).toEqual(['out-of-time', 0]);
});

it('[N13] a text that cannot be learned from is refused by its number before anything is learned', async () => {
  const examples = [...randomExamples(2, 13, 1), { prompt: [1], completion: Array<number>(40).fill(2) }];
  await expect(run(training({ examples }))).rejects.toThrow('Text 2 has 41 tokens; 17 at most fit.');
});

it('[N13] settings that cannot be are refused by name', async () => {
  const settings = { ...SETTINGS, length: SMALL.positions + 1 };
  await expect(run(training({ settings }))).rejects.toThrow('raise its positions, or shorten the rows');
  await expect(run(training({ settings: { ...SETTINGS, tokenBudget: 0 } }))).rejects.toThrow('tokenBudget');
});
