import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { initialWeights } from '../llama/parameters.ts';
import { START } from '../loop/train.ts';
import { freshState } from '../session/training-session.ts';
import { SMALL } from '../testing.fixture.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { readCheckpoint, writeCheckpoint } from './training-state.ts';

const checkpoint = {
  shape: SMALL,
  state: freshState(initialWeights(SMALL, 2)),
  place: START,
  fingerprint: 'abc',
};

it('[N14] a checkpoint is read as it was written', () => {
  const file = writeCheckpoint(checkpoint);
  expect(readCheckpoint(file)).toEqual(checkpoint);
  expect(readCheckpoint(Buffer.from(file))).toEqual(checkpoint);
});

it('[N14] tensors lie as safetensors has them: a padded header, then numbers in order', () => {
  const tensors = new Map([
    ['a', { dims: [2, 1], values: Float32Array.of(1, 2) }],
    ['b', { dims: [], values: Float32Array.of(-3) }],
  ]);
  const file = writeSafetensors({ tensors, metadata: { format: 'pt' } });
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
    __metadata__: { format: 'pt' },
    a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    b: { dtype: 'F32', shape: [], data_offsets: [8, 12] },
  });
  expect([...new Float32Array(file.slice(8 + length).buffer)]).toEqual([1, 2, -3]);
  expect(readSafetensors(file)).toEqual({ tensors, metadata: { format: 'pt' } });
});

it('[N14] a file that is cut anywhere, or of which a byte of the header is another, is refused or read alike', () => {
  const file = writeCheckpoint(checkpoint);
  const random = seededRandom(3);
  for (let i = 0; i < 200; i++)
    expect(() => readCheckpoint(file.subarray(0, Math.floor(random() * file.length)))).toThrow(RangeError);
  for (let i = 0; i < 200; i++) {
    const damaged = file.slice();
    damaged[Math.floor(random() * 300)] = Math.floor(random() * 256);
    try {
      expect(readCheckpoint(damaged).state.weights).toHaveLength(checkpoint.state.weights.length);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
  const plain = writeSafetensors({ tensors: new Map(), metadata: {} });
  expect(() => readCheckpoint(plain)).toThrow('no training that could be gone on with');
});
