import { parentPort } from 'node:worker_threads';
import { Engine } from './engine.ts';
import { folderSource } from './model/folder-source.node.ts';
import { nodeRuntime } from './runtime/node-runtime.ts';
import { serveModel } from './worker-serve.ts';

/** A thread of this machine that holds one model, from a folder. */

const port = parentPort;
if (!port) throw new Error('worker.node.ts runs as a worker thread: start it with startModelThread().');

serveModel(
  { post: (message) => port.postMessage(message), listen: (heard) => void port.on('message', heard) },
  async ({ source, backend, options }) => {
    if (!('folder' in source) || backend.name !== 'node')
      throw new Error('A thread reads the model from a folder of this machine: give that.');
    const runtime = await nodeRuntime(backend.threads === undefined ? {} : { threads: backend.threads });
    return { engine: await Engine.load(folderSource(source.folder), runtime, options), gpu: null };
  },
);
