import type { InferenceSession } from 'onnxruntime-common';
import { failureOf } from './failure.ts';
import type { Runtime, RuntimeName, Session } from './runtime.ts';
import type { WebDevice } from './web-device.ts';
import type { WebLibrary } from './web-library.ts';

/** onnxruntime in a browser, on WebAssembly. For a worker: a run holds the thread that calls it. */
export const wasmRuntime = (library: WebLibrary): Runtime => ({
  name: 'web-wasm',
  threads: library.threads,
  unpacks: true,
  halves: false,
  unfuses: true,
  inPlace: false,
  Tensor: library.Tensor,
  gpu: null,
  create: (model) => createSession('web-wasm', library, model, { executionProviders: ['wasm'] }, () => null),
});

/** onnxruntime in a browser, on a device of WebGPU. What it gives is to be believed only after a probe (`web-probe.ts`). */
export const gpuRuntime = (library: WebLibrary, { device, fault }: WebDevice): Runtime => ({
  name: 'web-webgpu',
  threads: library.threads,
  unpacks: false,
  halves: device.features.has('shader-f16'),
  unfuses: false,
  inPlace: true,
  Tensor: library.Tensor,
  gpu: device,
  create: (model, stays = false) =>
    createSession(
      'web-webgpu',
      library,
      model,
      {
        executionProviders: [{ name: 'webgpu', device }],
        ...(stays && { preferredOutputLocation: 'gpu-buffer' }),
      },
      fault,
    ),
});

const createSession = (
  name: RuntimeName,
  { InferenceSession, queue }: WebLibrary,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
  fault: () => Error | null,
): Promise<Session> => {
  /** Work that counts only where the device reported no fault before it or during it: what it gives then is not right. */
  const sound = <T>(work: () => Promise<T>): Promise<T> =>
    queue(async () => {
      await messagesIn();
      const before = fault();
      if (before) throw before;
      const done = await Promise.allSettled([work()]);
      await messagesIn();
      // A device that is gone says more than what onnxruntime made of it.
      const after = fault();
      if (after) throw after;
      if (done[0].status === 'rejected') throw failureOf(done[0].reason, name);
      return done[0].value;
    });
  return sound(async () => {
    const session = await InferenceSession.create(model, {
      ...options,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Threads that wait by spinning take the processor from the page, and from each other where cores are few.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return {
      inputs: session.inputNames,
      outputs: session.outputNames,
      run: (feeds, fetches) => sound(async () => ({ ...(await session.run(feeds, fetches)) })),
      release: () => queue(() => session.release()),
    };
  });
};

/** Lets messages and events through, such as one that stops the work: runs on WebAssembly leave no turn between them. */
const messagesIn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
