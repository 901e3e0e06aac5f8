import { expect, it } from 'vitest';
import * as e from '../graph/elementwise.ts';
import { constant, type Expression, input, type Shape, sizeOf } from '../graph/expression.ts';
import { gather } from '../graph/lookup.ts';
import { matmul } from '../graph/product.ts';
import { everyAxis, mean, softmax, sum } from '../graph/reducing.ts';
import { concat, expand, pad, pieces, reshape, slice, transpose } from '../graph/shaping.ts';
import { attention } from '../layers/attention.ts';
import { crossEntropy } from '../layers/cross-entropy.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { swiglu } from '../layers/swiglu.ts';
import { evaluate, normals } from '../testing.fixture.ts';
import { gradients } from './gradients.ts';
import { RULES } from './rules.ts';

/** Inputs by name; each expression is checked by all of them. */
interface Case {
  inputs: Record<string, Shape>;
  /** Made positive, for roots and logarithms. */
  positive?: boolean;
  of: (inputs: Record<string, Expression>) => Expression;
}

const x = [3, 4];
const at = (inputs: Record<string, Expression>, name: string): Expression => inputs[name] as Expression;
const unary = (of: (x: Expression) => Expression, positive = false): Case => ({
  inputs: { x },
  positive,
  of: (i) => of(at(i, 'x')),
});
const binary = (
  of: (a: Expression, b: Expression) => Expression,
  a: Shape,
  b: Shape,
  positive = false,
): Case => ({
  inputs: { a, b },
  positive,
  of: (i) => of(at(i, 'a'), at(i, 'b')),
});
const ids = constant(Int32Array.of(2, 0, 2, 1, 1, 2), [2, 3]);

const CASES: Record<string, Case> = {
  Add: binary(e.add, x, [4]),
  Sub: binary(e.sub, [3, 1], x),
  Mul: binary(e.mul, x, [3, 1]),
  Div: binary(e.div, x, [1, 4], true),
  Neg: unary(e.neg),
  Exp: unary(e.exp),
  Log: unary(e.log, true),
  Sqrt: unary(e.sqrt, true),
  Reciprocal: unary(e.reciprocal, true),
  Sigmoid: unary(e.sigmoid),
  Tanh: unary(e.tanh),
  Reshape: unary((v) => e.mul(reshape(v, [2, 6]), reshape(e.square(v), [2, 6]))),
  Expand: unary((v) => expand(reshape(v, [3, 1, 4]), [3, 2, 4])),
  Transpose: { inputs: { x: [2, 3, 4] }, of: (i) => transpose(at(i, 'x'), [2, 0, 1]) },
  Slice: unary((v) => slice(v, 1, 1, 3)),
  Pad: unary((v) => pad(v, 1, 2, 1)),
  Concat: binary((a, b) => concat([a, b, a], 1), x, [3, 2]),
  ReduceSum: unary((v) => sum(v, [0])),
  ReduceMean: unary((v) => mean(v, [1])),
  Softmax: unary(softmax),
  MatMul: binary(matmul, [3, 4], [4, 2]),
  Gather: { inputs: { table: [3, 4] }, of: (i) => gather(at(i, 'table'), ids) },
  'MatMul, left turned': binary((a, b) => matmul(a, b, { left: true }), [4, 3], [4, 2]),
  'MatMul, right turned': binary((a, b) => matmul(a, b, { right: true }), [3, 4], [2, 4]),
  'MatMul, both turned': binary((a, b) => matmul(a, b, { left: true, right: true }), [4, 3], [2, 4]),
  'MatMul of many, turned': binary((a, b) => matmul(a, b, { right: true }), [2, 3, 4], [2, 5, 4]),
  'an expression used twice': unary((v) => e.mul(e.add(v, 1), e.add(v, 1))),
  'pieces of which one is not used': unary((v) => e.exp(pieces(v, 1, [1, 2, 1])[1] as Expression)),
  'root mean square normalisation': binary((v, gain) => rmsNorm(v, gain), [3, 4], [4]),
  'gated activation': binary(swiglu, x, x),
  attention: {
    inputs: { q: [2, 6, 2], k: [2, 3, 2], v: [2, 3, 2] },
    of: (i) => attention(at(i, 'q'), at(i, 'k'), at(i, 'v'), constant(normals(18, 4), [2, 1, 1, 3, 3])),
  },
  'cross-entropy': {
    inputs: { logits: [4, 5] },
    of: (i) =>
      crossEntropy(
        at(i, 'logits'),
        constant(Int32Array.of(1, 4, 0, 2), [4]),
        constant(Float32Array.of(0.5, 0, 0.2, 0.3), [4]),
      ),
  },
};

it('[N1] every operator that has a rule is checked', () => {
  expect(Object.keys(RULES).filter((operator) => !(operator in CASES))).toEqual([]);
});

const EPSILON = 1e-2;

it.each(Object.entries(CASES))('[N1] %s: the gradient is that of finite differences', async (_, of) => {
  const inputs = Object.fromEntries(
    Object.entries(of.inputs).map(([name, shape]) => [name, input(name, shape)]),
  );
  const result = of.of(inputs);
  // A weight for each element, so that none is hidden behind another.
  const weighted = e.mul(result, constant(normals(sizeOf(result.shape), 7), result.shape));
  const loss = reshape(sum(weighted, everyAxis(weighted)), []);
  const by = Object.keys(inputs);
  const parts = gradients(
    loss,
    by.map((name) => at(inputs, name)),
  );
  const feeds = Object.fromEntries(
    Object.entries(of.inputs).map(([name, dims], i) => {
      const data = normals(sizeOf(dims), i + 1);
      return [name, { data: of.positive ? data.map((n) => 1 + Math.abs(n)) : data, dims }];
    }),
  );
  const made = await evaluate(
    { loss, ...Object.fromEntries(parts.map((part, i) => [`by.${by[i]}`, part])) },
    feeds,
  );
  for (const name of by) {
    const { data, dims } = feeds[name] as (typeof feeds)[string];
    const gradient = made[`by.${name}`] as Float32Array;
    const largest = Math.max(...gradient.map(Math.abs), 1e-3);
    for (let i = 0; i < data.length; i++) {
      const lossAt = async (change: number): Promise<number> => {
        const moved = { ...feeds, [name]: { data: data.with(i, (data[i] as number) + change), dims } };
        return (await evaluate({ loss }, moved)).loss?.[0] ?? Number.NaN;
      };
      const slope = ((await lossAt(EPSILON)) - (await lossAt(-EPSILON))) / (2 * EPSILON);
      expect(Math.abs((gradient[i] as number) - slope) / largest, `${name}[${i}]`).toBeLessThan(5e-3);
    }
  }
});

it('[N1] a loss that does not depend on something has zeros for its gradient; one that is no scalar is refused', async () => {
  const [a, b] = [input('a', [2]), input('b', [3])];
  const loss = reshape(sum(e.square(a), [0]), []);
  const [, none] = gradients(loss, [a, b]) as [Expression, Expression];
  expect([...((await evaluate({ none })).none ?? [])]).toEqual([0, 0, 0]);
  expect(() => gradients(a, [a])).toThrow('A loss has the shape [], not [2].');
  expect(() => gradients(reshape(sum(e.clip(a, 0, 1), [0]), []), [a])).toThrow('Clip has no rule');
});
