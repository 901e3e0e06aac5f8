import { writeModel } from '@flywheel/onnx/model';
import { expect, it } from 'vitest';
import { trainingGraph } from '../llama/training-graph.ts';
import { evaluate, SMALL } from '../testing.fixture.ts';
import { add, exp, mul } from './elementwise.ts';
import { emit } from './emit.ts';
import { input } from './expression.ts';
import { matmul } from './product.ts';
import { reshape, slice } from './shaping.ts';

it('[N2] equal expressions are computed once, and what no output needs is not computed', () => {
  const x = input('x', [2]);
  exp(mul(x, 3));
  const { graph } = emit({ y: add(exp(mul(x, 2)), exp(mul(x, 2))) });
  expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Mul', 'Exp', 'Add', 'Identity']);
});

it('[N2] the same sizes give the same bytes', () => {
  const optimiser = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
  const bytes = () => writeModel(trainingGraph(SMALL, { rows: 2, length: 8 }, optimiser));
  expect(bytes()).toEqual(bytes());
});

it('[N2] shapes that do not go together are refused where they are written', () => {
  const [a, b] = [input('a', [2, 3]), input('b', [2, 4])];
  expect(() => add(a, b)).toThrow('Cannot broadcast [2,3] with [2,4].');
  expect(() => matmul(a, b)).toThrow('Cannot multiply [2,3] with [2,4].');
  expect(() => reshape(a, [5])).toThrow('Cannot reshape [2,3] to [5].');
  expect(() => slice(a, 1, 2, 4)).toThrow('Cannot take 2 to 4 of axis 1 of [2,3].');
});

it('[N2] two outputs may be one expression', async () => {
  const x = input('x', [2]);
  const made = await evaluate({ y: exp(x), z: exp(x) }, { x: { data: Float32Array.of(0, 1), dims: [2] } });
  expect([...(made.y ?? [])]).toEqual([...(made.z ?? [])]);
});
