import { checkModel } from './check/check.ts';
import { Engine } from './engine.ts';
import { generate } from './generate/generate.ts';
import { webRuntime } from './runtime/web-runtime.ts';
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

let loaded: Engine | null = null;
const engine = (): Engine => {
  if (!loaded) throw new Error('No model is loaded in this worker.');
  return loaded;
};

const describe = ({ runtime, config, context, vocabulary, tokenizer, report }: Engine): LoadedModel => ({
  backend: runtime.name,
  threads: runtime.threads,
  config,
  context,
  vocabulary,
  hasTemplate: tokenizer.hasTemplate,
  report,
});

const handlers: Handlers = {
  load: async ({ source, threads, options }, { tell }) => {
    if (loaded) throw new Error('This worker holds a model already; each has a worker of its own.');
    const runtime = await webRuntime(threads === undefined ? {} : { threads });
    const files = filesSource(source, (read, asked) => tell({ read, asked }));
    loaded = await Engine.load(files, runtime, options);
    return describe(loaded);
  },
  encode: async ({ texts, special = false }) =>
    texts.map((text) => engine().tokenizer.encode(text, { special })),
  render: async ({ messages }) => engine().tokenizer.render(messages),
  score: ({ texts, batchTokens, rows }, { signal, tell }) =>
    score(engine(), texts, {
      signal,
      onTokens: (tokens) => tell({ tokens }),
      ...(batchTokens === undefined ? {} : { batchTokens }),
      ...(rows === undefined ? {} : { rows }),
    }),
  generate: ({ requests, slots }, { signal, tell }) =>
    generate(engine(), requests, {
      signal,
      onToken: (request, text) => tell({ request, text }),
      ...(slots === undefined ? {} : { slots }),
    }),
  check: ({ reference, batches }, { signal }) =>
    checkModel(engine(), reference, { signal, ...(batches === undefined ? {} : { batches }) }),
  close: async () => {
    await loaded?.close();
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
