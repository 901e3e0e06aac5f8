import type { ChatAnswer, ChatRequest } from '@flywheel/domain/chat';
import { type LocalModel, ModelId } from '@flywheel/domain/model';
import type { Generated, GenerateRequest } from '@flywheel/inference/generate/generate';
import { ChatFailure } from '@flywheel/providers/chat-failure';
import type { ProviderClient } from '@flywheel/providers/client';
import type { ModelThread, ModelThreads } from './model-threads.ts';

interface Waiting {
  request: GenerateRequest;
  promptTokens: number;
  signal: AbortSignal;
  onText: ((delta: string) => void) | undefined;
  done: (answer: ChatAnswer) => void;
  failed: (error: unknown) => void;
}

/** Questions that a model answers at once: those that come while it works wait for the next batch. */
const BATCH = 8;

/**
 * Models of this workspace as an endpoint: each answers its questions in batches, on a thread of the server.
 *
 * @param models the registry's
 */
export const localClient = (models: () => Promise<LocalModel[]>, threads: ModelThreads): ProviderClient => {
  const lines = new Map<string, Line>();
  const choose = async (name: string): Promise<LocalModel> => {
    const id = ModelId.safeParse(name);
    const found = (await models()).find((m) => id.success && m.id === id.data);
    if (!found)
      throw new ChatFailure(
        'no-such-model',
        `There is no local model ${name}.`,
        'Add it in Models, or with: flywheel model add',
      );
    if (!found.chat)
      throw new ChatFailure(
        'refused-request',
        `${name} has no chat template: it continues texts, but does not take messages.`,
        'Choose a model that was taught conversations.',
      );
    return found;
  };
  return {
    complete: async (request, { signal, onText }) => {
      const model = await choose(request.model);
      const precision = model.variants[0]?.precision ?? '';
      let line = lines.get(model.id);
      if (!line) {
        line = new Line(threads, model.id, precision);
        lines.set(model.id, line);
      }
      return line.ask(request, signal, onText);
    },
    models: async () => (await models()).filter((m) => m.chat).map((m) => m.id),
    close: async () => undefined,
  };
};

/** Those who wait for one model. */
class Line {
  private readonly threads: ModelThreads;
  private readonly id: ModelId;
  private readonly precision: string;
  private readonly waiting: Waiting[] = [];
  private working = false;

  constructor(threads: ModelThreads, id: ModelId, precision: string) {
    this.threads = threads;
    this.id = id;
    this.precision = precision;
  }

  async ask(
    { messages, params }: ChatRequest,
    signal: AbortSignal,
    onText: Waiting['onText'],
  ): Promise<ChatAnswer> {
    return this.withThread(async ({ client, loaded }) => {
      const text = await client.call('render', { messages });
      const [prompt = []] = await client.call('encode', { texts: [text] });
      signal.throwIfAborted();
      if (prompt.length >= loaded.context)
        throw new ChatFailure(
          'context-too-long',
          `The question has ${prompt.length} tokens, but ${this.id} takes ${loaded.context} with the answer.`,
          'Shorten the prompt, or choose a model that takes more.',
        );
      const { temperature = 0, topP = 1, maxTokens, seed = Math.floor(Math.random() * 2 ** 31) } = params;
      const request: GenerateRequest = {
        prompt,
        maxTokens: Math.min(maxTokens, loaded.context - prompt.length),
        sampling: { temperature, topP },
        seed,
      };
      return new Promise<ChatAnswer>((done, failed) => {
        const own: Waiting = { request, promptTokens: prompt.length, signal, onText, done, failed };
        this.waiting.push(own);
        signal.addEventListener(
          'abort',
          () => {
            const at = this.waiting.indexOf(own);
            if (at >= 0) this.waiting.splice(at, 1);
            failed(signal.reason);
          },
          { once: true },
        );
        void this.work();
      });
    });
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      while (this.waiting.length > 0) await this.answer(this.waiting.splice(0, BATCH));
    } finally {
      this.working = false;
    }
  }

  private async answer(batch: readonly Waiting[]): Promise<void> {
    const began = performance.now();
    const told = batch.map(() => '');
    // Nobody is left to hear it: the model is free for others.
    const gone = new AbortController();
    const leave = (): void => {
      if (batch.every(({ signal }) => signal.aborted)) gone.abort();
    };
    for (const { signal } of batch) signal.addEventListener('abort', leave);
    try {
      const made = await this.withThread(({ client }) =>
        client.call(
          'generate',
          { requests: batch.map((w) => w.request), slots: batch.length },
          {
            signal: gone.signal,
            onTold: ({ request, text }) => {
              // A character whose bytes have not all come yet would be told wrongly.
              if (text.endsWith('\uFFFD')) return;
              batch[request]?.onText?.(text.slice(told[request]?.length ?? 0));
              told[request] = text;
            },
          },
        ),
      );
      const modelMs = performance.now() - began;
      for (const [i, waiting] of batch.entries())
        waiting.done(answerOf(made[i] as Generated, waiting.promptTokens, modelMs));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    } finally {
      for (const { signal } of batch) signal.removeEventListener('abort', leave);
    }
  }

  private async withThread<T>(work: (thread: ModelThread) => Promise<T>): Promise<T> {
    try {
      const thread = await this.threads.acquire(this.id, this.precision);
      try {
        return await work(thread);
      } finally {
        this.threads.release(this.id, this.precision);
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'WorkerBroken') throw error;
      this.threads.fail(this.id, this.precision);
      throw new ChatFailure(
        'server-error',
        `The model's thread ended: ${error.message}`,
        'It is started again with the next question.',
        { cause: error },
      );
    }
  }
}

const answerOf = ({ text, ids, finish }: Generated, promptTokens: number, modelMs: number): ChatAnswer => ({
  text,
  finish,
  usage: { input: promptTokens, output: ids.length, estimated: false },
  modelMs,
});
