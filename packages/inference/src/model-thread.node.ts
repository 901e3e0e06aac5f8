import { Worker } from 'node:worker_threads';
import { type ModelWorker, WorkerClient } from './worker-client.ts';

/** A thread of this machine that will hold one model: call `load` first. Ends by {@link WorkerClient.end}. */
export const startModelThread = (): WorkerClient => {
  const thread = new Worker(new URL('./worker.node.ts', import.meta.url), {
    // Its telemetry is read when the library loads.
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  const worker: ModelWorker = {
    postMessage: (message, transfer) => thread.postMessage(message, transfer as never),
    terminate: () => void thread.terminate(),
    addEventListener: (type: string, heard: (event: never) => void) => {
      if (type === 'message') thread.on('message', (data) => heard({ data } as never));
      else thread.on(type, (error: Error) => heard({ message: error.message } as never));
      if (type === 'error')
        thread.on('exit', (code) => heard({ message: `its thread ended with code ${code}` } as never));
    },
  };
  return new WorkerClient(worker);
};
