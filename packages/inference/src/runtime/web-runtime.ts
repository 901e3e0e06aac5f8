import type { InferenceSession } from 'onnxruntime-common';
import { type Runtime, type Session, serialQueue } from './runtime.ts';
import { loadWebLibrary } from './web-library.ts';

/** Threads that WebAssembly may have here: they need memory that is shared, which only an isolated page has. */
export const webThreads = (wanted = navigator.hardwareConcurrency): number =>
  globalThis.crossOriginIsolated ? Math.max(1, Math.min(wanted, navigator.hardwareConcurrency)) : 1;

/** onnxruntime in a browser, on WebAssembly. For a worker: a run holds the thread that calls it. */
export const webRuntime = async (wanted: { threads?: number } = {}): Promise<Runtime> => {
  const threads = webThreads(wanted.threads);
  const ort = await loadWebLibrary(threads);
  const queue = serialQueue();
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
  return {
    name: 'web-wasm',
    threads,
    unpacks: true,
    inPlace: false,
    Tensor: ort.Tensor,
    create: (model) =>
      queue(async (): Promise<Session> => {
        const session = await ort.InferenceSession.create(model, options);
        return {
          inputs: session.inputNames,
          outputs: session.outputNames,
          run: (feeds, fetches) =>
            queue(async () => {
              await messagesIn();
              return { ...(await session.run(feeds, fetches)) };
            }),
          release: () => queue(() => session.release()),
        };
      }),
  };
};

/** Lets messages to this worker through, such as one that stops the work: runs on WebAssembly leave no turn between them. */
const messagesIn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
