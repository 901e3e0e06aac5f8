import type { RuntimeName } from './runtime.ts';

/** There is not enough memory for what was asked. */
export class OutOfMemory extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutOfMemory';
  }
}

/** As onnxruntime, its WebAssembly builds and JavaScript say it. */
const NO_MEMORY =
  /bad_?alloc|bad allocation|out of memory|(?:failed|unable|not able) to allocate|allocation failed|Invalid typed array length|Tensor shape is too large/i;

/** What onnxruntime failed with, in words that say what to do. WebAssembly without a message throws bare numbers. */
export const failureOf = (cause: unknown, runtime: RuntimeName): Error => {
  const error = cause instanceof Error ? cause : new Error(`onnxruntime ended without a reason (${cause})`);
  if (error.name === 'RuntimeError')
    return new Error(`onnxruntime broke off on ${runtime}: load the model again. (${error.message})`, {
      cause,
    });
  return NO_MEMORY.test(error.message)
    ? new OutOfMemory(
        `There is not enough memory for this on ${runtime}: take shorter texts or fewer at once, or load a smaller precision. (${error.message})`,
        { cause },
      )
    : error;
};
