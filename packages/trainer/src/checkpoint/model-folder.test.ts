import { Engine } from '@flywheel/inference/engine';
import { generate } from '@flywheel/inference/generate/generate';
import { score } from '@flywheel/inference/score/score';
import { writeModel } from '@flywheel/onnx/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Characters } from '../data/characters.ts';
import { initialWeights } from '../llama/parameters.ts';
import { DecoderShape } from '../llama/shape.ts';
import { logitsGraph } from '../llama/training-graph.ts';
import { START, train } from '../loop/train.ts';
import { freshState } from '../session/training-session.ts';
import { OPTIMISER, runModel, testRuntime } from '../testing.fixture.ts';
import { modelFolder } from './model-folder.ts';
import { onnxDecoder } from './onnx-decoder.ts';
import { readSafetensors } from './safetensors.ts';

const CHARACTERS = new Characters('\n0123456789+=Q: ');
const SHAPE = DecoderShape.parse({
  vocabulary: CHARACTERS.vocabulary,
  width: 64,
  layers: 2,
  heads: 2,
  keyHeads: 1,
  hidden: 64,
  positions: 64,
});
const sums = Array.from({ length: 50 }, (_, i) => [i % 5, Math.floor(i / 5) % 10] as const);

let weights: Float32Array;
let files: ReturnType<typeof modelFolder>;
let engine: Engine;
beforeAll(async () => {
  const { state } = await train(await testRuntime(), {
    settings: {
      shape: SHAPE,
      rows: 8,
      length: 32,
      tokensPerUpdate: 60,
      tokenBudget: 14_000,
      schedule: { peak: 5e-3, warmUp: 500, floor: 0.1 },
      optimiser: OPTIMISER,
      seed: 1,
    },
    examples: sums.map(([a, b]) => CHARACTERS.example(`Q: ${a}+${b}=`, `${a + b}\n`)),
    start: { state: freshState(initialWeights(SHAPE, 1)), place: START },
  });
  weights = state.weights;
  files = modelFolder(SHAPE, weights, CHARACTERS, '\n');
  engine = await Engine.load(
    {
      name: 'trained',
      size: async (path) => files.get(path)?.length ?? null,
      list: async (folder) =>
        [...files.keys()].flatMap((path) =>
          path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : folder === '' ? [path] : [],
        ),
      read: async (path) => files.get(path) as Uint8Array<ArrayBuffer>,
    },
    await testRuntime(),
  );
}, 60_000);
afterAll(() => engine.close());

it('[N15] the engine scores a trained model as the training graph does, to 1e-4 nats a token', async () => {
  const texts = sums.slice(0, 8).map(([a, b]) => CHARACTERS.encode(`Q: ${a}+${b}=${a + b}\n`));
  const scores = await score(engine, texts);
  const batch = { rows: 1, length: 16 };
  for (const [t, ids] of texts.entries()) {
    const tokens = new Int32Array(16);
    tokens.set(ids.slice(0, -1));
    const segments = tokens.map((_, i) => (i < ids.length - 1 ? 1 : 0));
    const { logits = new Float32Array() } = await runModel(logitsGraph(SHAPE, batch), {
      tokens: { data: tokens, dims: [1, 16] },
      segments: { data: segments, dims: [1, 16] },
      weights: { data: weights, dims: [weights.length] },
    });
    for (let i = 0; i + 1 < ids.length; i++) {
      const row = logits.subarray(i * SHAPE.vocabulary, (i + 1) * SHAPE.vocabulary);
      const most = Math.max(...row);
      const whole = most + Math.log(row.reduce((sum, l) => sum + Math.exp(l - most), 0));
      const nats = (row[ids[i + 1] as number] as number) - whole;
      expect(Math.abs((scores[t]?.logprob[i] ?? Number.NaN) - nats), `token ${i} of text ${t}`).toBeLessThan(
        1e-4,
      );
    }
  }
});

it('[N15] it writes what it learned, and its tokenizer gives texts back as they were', async () => {
  const { tokenizer } = engine;
  const text = 'Q: 3+4=7\n';
  expect(tokenizer.encode(text)).toEqual(CHARACTERS.encode(text));
  expect(tokenizer.decode(CHARACTERS.encode(text))).toBe(text);
  const prompts = sums.map(([a, b]) => CHARACTERS.encode(`Q: ${a}+${b}=`));
  const answers = await generate(
    engine,
    prompts.map((prompt, seed) => ({ prompt, maxTokens: 4, sampling: {}, seed })),
    { slots: 10 },
  );
  const right = answers.filter(
    ({ text: said }, i) => Number(said) === (sums[i]?.[0] ?? 0) + (sums[i]?.[1] ?? 0),
  );
  expect(right.length).toBeGreaterThan(40);
  expect(answers.every(({ finish }) => finish === 'stop')).toBe(true);
});

it('[N15] the weights of the safetensors file make the same graph', () => {
  const { tensors } = readSafetensors(files.get('model.safetensors') as Uint8Array);
  const named = new Map(
    [...tensors].map(([name, { dims, values }]) => [name, { dims, values: values.slice() }]),
  );
  expect(writeModel(onnxDecoder(SHAPE, named))).toEqual(files.get('onnx/model.onnx'));
  named.delete('model.norm.weight');
  expect(() => onnxDecoder(SHAPE, named)).toThrow('The checkpoint has no weight model.norm.weight.');
});

it('[N15] an alphabet that is not the decoder’s, or beyond ASCII, is refused', () => {
  expect(() => modelFolder(SHAPE, weights, new Characters('ab\n'), '\n')).toThrow(
    'The alphabet makes 4 tokens',
  );
  const beyond = new Characters('\n0123456789+=Q:é');
  expect(() => modelFolder(SHAPE, weights, beyond, '\n')).toThrow('only printable ASCII');
  expect(() => CHARACTERS.encode('Q: x')).toThrow('The character "x" at 3');
});
