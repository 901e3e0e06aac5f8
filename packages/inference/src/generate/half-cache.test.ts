import { beforeAll, expect, it, vi } from 'vitest';
import { farthest, figuresOf, halfModel, roundedModel } from '../testing/half.fixture.ts';
import { cachedGraph, TINY, tinyWeights } from '../testing/tiny-llama.fixture.ts';

const model = cachedGraph(TINY, tinyWeights(TINY, 3));

// onnxruntime-node reads nothing out of a Float16Array; where JavaScript has none, it takes the bits.
beforeAll(() => vi.stubGlobal('Float16Array', undefined));

it.each([
  ['whole', false],
  ['with logits of float32', true],
])('[I37] where float16 is computed with, %s, log-probabilities are within 1e-2', async (_, edges) => {
  const [made, right] = [
    await figuresOf(halfModel(model, edges), { halves: true }),
    await figuresOf(roundedModel(model)),
  ];
  expect([made.half, made.notes]).toEqual([true, '']);
  const off = farthest(made.logprobs, right.logprobs);
  expect(off).toBeLessThan(1e-2);
  expect(off).toBeGreaterThan(1e-5);
  expect(made.answers).toEqual(right.answers);
  expect(farthest(made.told, right.told)).toBeLessThan(1e-2);
});
