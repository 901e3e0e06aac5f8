import { checkModel } from './check/check.ts';
import type { Engine } from './engine.ts';
import type { TokenDetail } from './generate/detail.ts';
import { generate } from './generate/generate.ts';
import type { AdapterReport } from './runtime/web-device.ts';
import { type ProbeReport, probeRefusal } from './runtime/web-probe.ts';
import { score } from './score/score.ts';
import type {
  FromWorker,
  LoadedModel,
  ToldToken,
  ToWorker,
  WorkerCall,
  WorkerCalls,
} from './worker-protocol.ts';

/** A model that a worker holds. */
export interface Opened {
  engine: Engine;
  gpu: { adapter: AdapterReport; probe: ProbeReport; close: () => void } | null;
}

/** How a worker hears and is heard. */
export interface WorkerPort {
  post: (message: FromWorker) => void;
  listen: (heard: (message: ToWorker) => void) => void;
}

interface Context<C extends WorkerCall> {
  signal: AbortSignal;
  tell: (told: WorkerCalls[C]['told']) => void;
}
type Handlers = {
  [C in WorkerCall]: (given: WorkerCalls[C]['given'], context: Context<C>) => Promise<WorkerCalls[C]['back']>;
};

/** How this worker loads a model. */
export type Open = (
  given: WorkerCalls['load']['given'],
  tell: (told: WorkerCalls['load']['told']) => void,
) => Promise<Opened>;

/** Answers calls to the one model of a worker, wherever that runs, in the order in which the engine's queue lets them through. */
export const serveModel = (port: WorkerPort, open: Open): void => {
  const handlers = handlersOf(open);
  const running = new Map<number, AbortController>();
  const answer = async <C extends WorkerCall>(
    id: number,
    call: C,
    given: WorkerCalls[C]['given'],
  ): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const tell = (told: WorkerCalls[C]['told']): void => port.post({ id, kind: 'told', told });
      const back = await handlers[call](given, { signal: controller.signal, tell });
      port.post({ id, kind: 'done', back });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      port.post({ id, kind: 'failed', name, message });
    } finally {
      running.delete(id);
    }
  };
  port.listen((message) => {
    if (message.call === 'stop') running.get(message.id)?.abort();
    else void answer(message.id, message.call, message.given);
  });
};

const describe = ({ engine, gpu }: Opened): LoadedModel => ({
  backend: engine.runtime.name,
  threads: engine.runtime.threads,
  config: engine.config,
  context: engine.context,
  vocabulary: engine.vocabulary,
  hasTemplate: engine.tokenizer.hasTemplate,
  report: engine.report,
  gpu: gpu && { adapter: gpu.adapter, probe: gpu.probe },
});

const withTexts = ({ tokenizer }: Engine, detail: TokenDetail): ToldToken => {
  const text = (id: number): string => tokenizer.decode([id]) || tokenizer.token(id);
  return {
    ...detail,
    text: text(detail.id),
    alternatives: detail.alternatives.map((a) => ({ ...a, text: text(a.id) })),
  };
};

const handlersOf = (open: Open): Handlers => {
  let opened: Opened | null = null;
  const engine = (): Engine => {
    if (!opened) throw new Error('No model is loaded in this worker.');
    return opened.engine;
  };
  /** The engine for work whose figures are kept. */
  const trusted = (): Engine => {
    const probed = opened?.gpu?.probe;
    if (probed && !probed.passed) throw new Error(probeRefusal('WebGPU', probed));
    return engine();
  };
  return {
    load: async (given, { tell }) => {
      if (opened) throw new Error('This worker holds a model already; each has a worker of its own.');
      opened = await open(given, tell);
      return describe(opened);
    },
    encode: async ({ texts, special = false }) =>
      texts.map((text) => engine().tokenizer.encode(text, { special })),
    starts: async ({ texts }) => texts.map((ids) => engine().tokenizer.starts(ids)),
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
        onToken: (request, text, detail) =>
          tell({ request, text, detail: detail && withTexts(engine(), detail) }),
        ...(slots === undefined ? {} : { slots }),
      }),
    check: ({ reference, batches }, { signal }) =>
      checkModel(trusted(), reference, { signal, ...(batches === undefined ? {} : { batches }) }),
    usage: async () => ({ readBack: engine().readBack }),
    close: async () => {
      await opened?.engine.close();
      opened?.gpu?.close();
      opened = null;
      return null;
    },
  };
};
