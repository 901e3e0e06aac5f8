import { expect, it } from 'vitest';
import { failureOf } from './failure.ts';

// As onnxruntime 1.30 and Chromium 156 said it.
it.each([
  'failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: Non-zero status code returned while running Less node. Status Message: std::bad_alloc',
  'Status Message: op_kernel.cc:83 [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Tensor shape is too large',
  'Array buffer allocation failed',
])('[I38] too little memory is called that, with what to do: %s', (said) => {
  const failure = failureOf(new Error(said), 'web-wasm');
  expect(failure.name).toBe('OutOfMemory');
  expect(failure.message).toContain('There is not enough memory for this on web-wasm: take shorter texts');
  expect(failure.message).toContain(said);
});

it('[I38] other failures stay what they are; a bare number becomes a sentence', () => {
  const other = new Error('Invalid rank for input: hidden');
  expect(failureOf(other, 'node')).toBe(other);
  expect(failureOf(6_640_888, 'web-wasm').message).toContain('without a reason (6640888)');
  const trap = Object.assign(new Error('unreachable'), { name: 'RuntimeError' });
  expect(failureOf(trap, 'web-wasm').message).toBe(
    'onnxruntime broke off on web-wasm: load the model again. (unreachable)',
  );
});
