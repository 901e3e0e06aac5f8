import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-common';
import { failureOf } from './failure.ts';
import { type Runtime, type Session, serialQueue } from './runtime.ts';

/** onnxruntime on this machine's processor. */
export const nodeRuntime = async ({
  threads = availableParallelism(),
}: {
  threads?: number;
} = {}): Promise<Runtime> => {
  // Its telemetry is on by default on Linux, and is read when the library loads.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  const serial = serialQueue();
  const queue = <T>(work: () => Promise<T>): Promise<T> =>
    serial(() =>
      work().catch((cause: unknown) => {
        throw failureOf(cause, 'node');
      }),
    );
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait by spinning take the processor from the rest of the server.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return {
    name: 'node',
    threads,
    unpacks: true,
    halves: false,
    unfuses: false,
    inPlace: true,
    Tensor: ort.Tensor,
    gpu: null,
    create: (model) =>
      queue(async (): Promise<Session> => {
        const session = await ort.InferenceSession.create(model, options);
        return {
          inputs: session.inputNames,
          outputs: session.outputNames,
          run: (feeds, fetches) => queue(async () => ({ ...(await session.run(feeds, fetches)) })),
          release: () => queue(() => session.release()),
        };
      }),
  };
};
