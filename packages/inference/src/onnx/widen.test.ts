import { attribute, rawAttribute } from '@flywheel/onnx/model';
import { DATA_TYPES, readTensor, writeTensor } from '@flywheel/onnx/tensor';
import { fieldsOf, MessageWriter } from '@flywheel/onnx/wire';
import { expect, it } from 'vitest';
import { farthest, figuresOf, halfModel, roundedModel } from '../testing/half.fixture.ts';
import { cachedGraph, TINY, tinyWeights } from '../testing/tiny-llama.fixture.ts';
import { widen } from './widen.ts';

const model = cachedGraph(TINY, tinyWeights(TINY, 3));

it.each([
  ['whole', false],
  ['with logits of float32', true],
])('[I37] a model of float16, %s, runs here as float32 and gives what its weights give', async (_, edges) => {
  const [made, right] = [await figuresOf(halfModel(model, edges)), await figuresOf(roundedModel(model))];
  expect([made.half, right.half]).toEqual([false, false]);
  expect(made.notes).toContain('weights of float16 were made float32');
  expect(farthest(made.logprobs, right.logprobs)).toBeLessThan(1e-4);
  expect(made.answers).toEqual(right.answers);
});

it('[I37] every pattern of float16 becomes its value, constants within nodes and casts included', () => {
  const patterns = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const tensor = {
    name: 'all',
    dims: [2 ** 16],
    dataType: DATA_TYPES.float16,
    bytes: new Uint8Array(patterns.buffer),
    external: null,
  };
  const held = rawAttribute(
    new MessageWriter().text(1, 'value').message(5, writeTensor(tensor)).varint(20, 4).finish(),
  );
  const node = { name: 'n', domain: '', inputs: [], outputs: ['n'] };
  const { model: wide, weights } = widen({
    rest: [],
    graph: {
      name: 'g',
      nodes: [
        { ...node, opType: 'Constant', attributes: [held] },
        { ...node, opType: 'Cast', attributes: [attribute('to', DATA_TYPES.float16)] },
        { ...node, opType: 'Cast', attributes: [attribute('to', DATA_TYPES.int64)] },
      ],
      tensors: [tensor],
      inputs: [],
      outputs: [],
    },
  });
  expect(weights).toBe(1);
  const expected = Float32Array.from(new Float16Array(patterns.buffer));
  const [stored] = wide.graph.tensors;
  expect(new Float32Array(stored?.bytes?.slice().buffer ?? new ArrayBuffer())).toEqual(expected);
  const [constant, cast, other] = wide.graph.nodes;
  const raw = constant?.attributes[0]?.raw ?? new Uint8Array();
  expect(readHeld(raw)).toMatchObject({ dataType: DATA_TYPES.float32, dims: [2 ** 16] });
  expect([cast, other].map((n) => Number(n?.attributes[0]?.int))).toEqual([
    DATA_TYPES.float32,
    DATA_TYPES.int64,
  ]);
});

const readHeld = (raw: Uint8Array) => {
  for (const field of fieldsOf(raw))
    if (field.number === 5 && field.wire === 2) return readTensor(field.bytes);
  return null;
};
