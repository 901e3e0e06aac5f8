import { attribute, type OnnxModel, type OnnxNode } from '@flywheel/onnx/model';
import { DATA_TYPES, type OnnxTensor, readTensor, writeTensor } from '@flywheel/onnx/tensor';
import { MessageWriter } from '@flywheel/onnx/wire';
import { expect, it } from 'vitest';
import { checkWeights } from './check-weights.ts';
import { growthUnpacked } from './memory.ts';

const tensor = (name: string, dims: number[], dataType: number): OnnxTensor => ({
  name,
  dims,
  dataType,
  bytes: new Uint8Array(dims.reduce((n, d) => n * d, dataType === DATA_TYPES.uint8 ? 1 : 4)),
  external: null,
});

/** A packed product of 64 to 24 in blocks of 32 by 4 bits, said to be of other sizes. */
const said = (sizes: Readonly<Record<string, number>>): OnnxModel => {
  const all = { K: 64, N: 24, bits: 4, block_size: 32, ...sizes };
  const node: OnnxNode = {
    name: 'product',
    opType: 'MatMulNBits',
    domain: 'com.microsoft',
    inputs: ['x', 'w', 's'],
    outputs: ['y'],
    attributes: Object.entries(all).map(([name, v]) => attribute(name, v)),
  };
  const tensors = [tensor('w', [24, 2, 16], DATA_TYPES.uint8), tensor('s', [48], DATA_TYPES.float32)];
  return { rest: [], graph: { name: 'g', nodes: [node], tensors, inputs: [], outputs: [] } };
};

it.each([{ block_size: 0 }, { K: 2 ** 50 }, { N: -24 }, { bits: 8 }, { block_size: 16 }] as Record<
  string,
  number
>[])('[I35] a packed product said to be of %o is refused, before memory is taken at its word', (sizes) => {
  checkWeights(said({}));
  expect(() => checkWeights(said(sizes))).toThrow(/^The packed product product is said to be of/);
  expect(() => growthUnpacked(said(sizes))).toThrow('The packed product');
});

it('[I8] weights that are written as lists of numbers are read at their width, float16 as bits', () => {
  const listed = (dataType: number, field: number, values: number[]): OnnxTensor => {
    const out = new MessageWriter().varint(1, values.length).varint(2, dataType).text(8, 'w');
    for (const v of values) out.varint(field, v);
    return readTensor(out.finish());
  };
  const half = listed(DATA_TYPES.float16, 5, [0x3c00, 0xc000]);
  expect([...(half.bytes ?? [])]).toEqual([0x00, 0x3c, 0x00, 0xc0]);
  expect([...(listed(DATA_TYPES.int8, 5, [-1, 7]).bytes ?? [])]).toEqual([255, 7]);
  expect([...(listed(DATA_TYPES.int32, 5, [-2]).bytes ?? [])]).toEqual([254, 255, 255, 255]);
  expect(listed(DATA_TYPES.int64, 7, [-2]).bytes).toEqual(new Uint8Array(BigInt64Array.from([-2n]).buffer));
  const singles = new MessageWriter().varint(1, 2).varint(2, DATA_TYPES.float32).float(4, 1.5).float(4, -2);
  expect(readTensor(singles.finish()).bytes).toEqual(new Uint8Array(Float32Array.of(1.5, -2).buffer));
  const none = readTensor(new MessageWriter().varint(1, 0).varint(2, DATA_TYPES.float32).finish());
  expect(readTensor(writeTensor(none).finish())).toMatchObject({ dims: [0], external: null });
});
