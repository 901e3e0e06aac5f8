import { checkModel } from './check/check.ts';
import { Engine } from './engine.ts';
import { generate } from './generate/generate.ts';
import { type AdapterReport, openDevice } from './runtime/web-device.ts';
import { loadWebLibrary } from './runtime/web-library.ts';
import { type ProbeReport, probe, probeRefusal } from './runtime/web-probe.ts';
import { gpuRuntime, wasmRuntime } from './runtime/web-runtime.ts';
import { score } from './score/score.ts';
import type { FromWorker, LoadedModel, ToWorker, WorkerCall, WorkerCalls } from './worker-protocol.ts';
import { filesSource } from './worker-source.ts';

/** A module worker that holds one model. Calls are done in the order in which the engine's queue lets them through. */

interface Context<C extends WorkerCall> {
  signal: AbortSignal;
  tell: (told: WorkerCalls[C]['told']) => void;
}
type Handlers = {
  [C in WorkerCall]: (given: WorkerCalls[C]['given'], context: Context<C>) => Promise<WorkerCalls[C]['back']>;
};

interface Loaded {
  engine: Engine;
  gpu: { adapter: AdapterReport; probe: ProbeReport; close: () => void } | null;
}
let loaded: Loaded | null = null;

const engine = (): Engine => {
  if (!loaded) throw new Error('No model is loaded in this worker.');
  return loaded.engine;
};
/** The engine for work whose figures are kept. */
const trusted = (): Engine => {
  const probed = loaded?.gpu?.probe;
  if (probed && !probed.passed) throw new Error(probeRefusal('WebGPU', probed));
  return engine();
};

type Given = WorkerCalls['load']['given'];

const open = async ({ source, backend, options }: Given, tell: Context<'load'>['tell']): Promise<Loaded> => {
  const library = await loadWebLibrary(backend.threads);
  const files = filesSource(source, (read, asked) => tell({ read, asked }));
  if (backend.name === 'web-wasm')
    return { engine: await Engine.load(files, wasmRuntime(library), options), gpu: null };
  const device = await openDevice(backend.subgroups);
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

const describe = ({ engine, gpu }: Loaded): LoadedModel => ({
  backend: engine.runtime.name,
  threads: engine.runtime.threads,
  config: engine.config,
  context: engine.context,
  vocabulary: engine.vocabulary,
  hasTemplate: engine.tokenizer.hasTemplate,
  report: engine.report,
  gpu: gpu && { adapter: gpu.adapter, probe: gpu.probe },
});

const handlers: Handlers = {
  load: async (given, { tell }) => {
    if (loaded) throw new Error('This worker holds a model already; each has a worker of its own.');
    loaded = await open(given, tell);
    return describe(loaded);
  },
  encode: async ({ texts, special = false }) =>
    texts.map((text) => engine().tokenizer.encode(text, { special })),
  render: async ({ messages }) => engine().tokenizer.render(messages),
  score: ({ texts, batchTokens, rows }, { signal, tell }) =>
    score(trusted(), texts, {
      signal,
      onTokens: (tokens) => tell({ tokens }),
      ...(batchTokens === undefined ? {} : { batchTokens }),
      ...(rows === undefined ? {} : { rows }),
    }),
  generate: ({ requests, slots }, { signal, tell }) =>
    generate(trusted(), requests, {
      signal,
      onToken: (request, text) => tell({ request, text }),
      ...(slots === undefined ? {} : { slots }),
    }),
  check: ({ reference, batches }, { signal }) =>
    checkModel(trusted(), reference, { signal, ...(batches === undefined ? {} : { batches }) }),
  close: async () => {
    await loaded?.engine.close();
    loaded?.gpu?.close();
    loaded = null;
    return null;
  },
};

const running = new Map<number, AbortController>();
const say = (message: FromWorker): void => self.postMessage(message);

const answer = async <C extends WorkerCall>(
  id: number,
  call: C,
  given: WorkerCalls[C]['given'],
): Promise<void> => {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const tell = (told: WorkerCalls[C]['told']): void => say({ id, kind: 'told', told });
    const back = await handlers[call](given, { signal: controller.signal, tell });
    say({ id, kind: 'done', back });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ id, kind: 'failed', name, message });
  } finally {
    running.delete(id);
  }
};

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.call === 'stop') running.get(data.id)?.abort();
  else void answer(data.id, data.call, data.given);
});
