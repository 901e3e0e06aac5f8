import { Engine } from './engine.ts';
import { openDevice } from './runtime/web-device.ts';
import { loadWebLibrary } from './runtime/web-library.ts';
import { probe } from './runtime/web-probe.ts';
import { gpuRuntime, wasmRuntime } from './runtime/web-runtime.ts';
import type { ToWorker } from './worker-protocol.ts';
import { type Open, serveModel, type WorkerPort } from './worker-serve.ts';
import { filesSource } from './worker-source.ts';

/** A module worker of a browser that holds one model, on WebAssembly or WebGPU. */

const port: WorkerPort = {
  post: (message) => self.postMessage(message),
  listen: (heard) =>
    self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
      heard(data);
    }),
};

const open: Open = async ({ source, backend, options }, tell) => {
  if ('folder' in source || backend.name === 'node')
    throw new Error('A browser has no folders of the disk: give the files of the model.');
  const library = await loadWebLibrary(backend.threads);
  const files = filesSource(source, (read, asked) => tell({ read, asked }));
  if (backend.name === 'web-wasm')
    return { engine: await Engine.load(files, wasmRuntime(library), options), gpu: null };
  // Nobody may be asking anything when it is lost; the page is to know it all the same.
  const device = await openDevice(backend.subgroups, ({ message }) =>
    port.post({ id: null, kind: 'broken', message }),
  );
  try {
    const engine = await Engine.load(files, gpuRuntime(library, device), options);
    // Packed, it takes little memory; that it is slow matters little for so few tokens.
    const beside = await Engine.load(filesSource(source), wasmRuntime(library), {
      ...options,
      unpack: false,
    });
    const report = await probe(engine, beside);
    await beside.close();
    return { engine, gpu: { adapter: device.adapter, probe: report, close: () => device.close() } };
  } catch (error) {
    device.close();
    throw error;
  }
};

serveModel(port, open);
