import InferenceWorker from '@flywheel/inference/worker?worker';
import { type CallOptions, WorkerClient } from '@flywheel/inference/worker-client';
import type { LoadedModel, WebBackend, WorkerCalls } from '@flywheel/inference/worker-protocol';
import type { SourceFiles } from '@flywheel/inference/worker-source';

export interface OpenOptions extends Pick<CallOptions<'load'>, 'onTold' | 'signal'> {
  /** WebAssembly on all threads that there are, where nothing else is said. */
  backend?: WebBackend;
  options?: WorkerCalls['load']['given']['options'];
}

/** A model in a worker of this tab. */
export interface OpenModel {
  client: WorkerClient;
  loaded: LoadedModel;
}

/** Loads a model into a worker of its own. @throws WorkerFailure; the worker is then gone */
export const openModel = async (
  source: SourceFiles,
  { backend = { name: 'web-wasm' }, options = {}, onTold, signal }: OpenOptions = {},
): Promise<OpenModel> => {
  const client = new WorkerClient(new InferenceWorker());
  // A graph that is being made ready hears nothing: who stops ends its worker.
  const end = (): void => client.end();
  signal?.addEventListener('abort', end);
  try {
    return { client, loaded: await client.call('load', { source, backend, options }, { onTold }) };
  } catch (error) {
    client.end();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
};

/** The files of a folder that was picked; paths begin below it. */
export const pickedFolder = (picked: Iterable<File>): SourceFiles => {
  const all = [...picked];
  const files = Object.fromEntries(
    all.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]),
  );
  return { name: all[0]?.webkitRelativePath.split('/')[0] || 'the files that were picked', files };
};
