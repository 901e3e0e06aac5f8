import { readFileSync, writeFileSync } from 'node:fs';
import type { Engine } from '@flywheel/inference/engine';
import { generate } from '@flywheel/inference/generate/generate';
import { score } from '@flywheel/inference/score/score';
import { type Browser, chromium } from '@playwright/test';
import type { OpenModel } from '../../apps/web/src/app/inference.ts';
import { InferencePage } from '../../e2e/inference-page.ts';
import config from '../../playwright.config.ts';

/** Texts as tokens, all of one length. */
export type Texts = readonly (readonly number[])[];

/** What a scoring took, in seconds, and bytes of tensors that JavaScript was given. */
export interface Scoring {
  seconds: number;
  readBack: number;
}

/** What a generation took: until the last of the first tokens, and from there to the end, in seconds. */
export interface Generation {
  first: number;
  rest: number;
  /** Tokens of each answer. */
  ids: number[][];
  readBack: number;
}

/** A model loaded somewhere. */
export interface BenchSubject {
  name: string;
  /** Seconds that it took to load. */
  load: number;
  score(texts: Texts): Promise<Scoring>;
  generate(prompts: Texts, maxTokens: number): Promise<Generation>;
  /** Most bytes of memory that its processes had since this was asked last; null where others share them. */
  memory(): Promise<number | null>;
  close(): Promise<void>;
}

export interface Backend {
  name: 'web-wasm' | 'web-webgpu';
  threads: number;
}

const requestsOf = (prompts: Texts, maxTokens: number) =>
  prompts.map((prompt, seed) => ({ prompt, maxTokens, sampling: {}, seed }));

export const nodeSubject = (name: string, engine: Engine): BenchSubject => ({
  name,
  load: engine.report.seconds,
  score: async (texts) => {
    const [began, before] = [performance.now(), engine.readBack];
    await score(engine, texts);
    return { seconds: (performance.now() - began) / 1_000, readBack: engine.readBack - before };
  },
  generate: async (prompts, maxTokens) => {
    const [began, before] = [performance.now(), engine.readBack];
    const begun = new Set<number>();
    let first = began;
    const answers = await generate(engine, requestsOf(prompts, maxTokens), {
      slots: prompts.length,
      onToken: (request) => {
        if (!begun.has(request)) first = performance.now();
        begun.add(request);
      },
    });
    return {
      first: (first - began) / 1_000,
      rest: (performance.now() - first) / 1_000,
      ids: answers.map((answer) => answer.ids),
      readBack: engine.readBack - before,
    };
  },
  memory: async () => null,
  close: () => engine.close(),
});

/** Chromium, with the software adapter of WebGPU where that is asked for. */
export const launch = (backend: Backend['name']): Promise<Browser> => {
  const { args = [], ...options } = config.use?.launchOptions ?? {};
  const gpu = backend === 'web-webgpu' ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] : [];
  return chromium.launch({ ...options, args: [...args, ...gpu] });
};

/** Most memory that the page's and the graphics processes had since this was asked last; null where the system does not tell. */
export const memoryOf = async (browser: Browser): Promise<number | null> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  try {
    return processInfo
      .filter(({ type }) => type === 'renderer' || type === 'GPU')
      .reduce((sum, { id }) => {
        const most = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
        // Begins the count again.
        writeFileSync(`/proc/${id}/clear_refs`, '5');
        return sum + 1024 * Number(most);
      }, 0);
  } catch {
    return null;
  }
};

declare const window: Window & { model: OpenModel };

/** The model in a worker of Chromium; times are taken inside the page. */
export const browserSubject = async (
  url: string,
  folder: string,
  backend: Backend,
): Promise<BenchSubject> => {
  const browser = await launch(backend.name);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  const model = new InferencePage(page);
  await model.open(url);
  const loaded = await model.loadFolder(folder, { backend });
  const counted = async <T extends object>(work: () => Promise<T>): Promise<T & { readBack: number }> => {
    const before = await model.call('usage', null);
    const result = await work();
    const after = await model.call('usage', null);
    return { ...result, readBack: after.readBack - before.readBack };
  };
  return {
    name: `engine, Chromium, ${backend.name}, ${loaded.threads} thread${loaded.threads === 1 ? '' : 's'}`,
    load: loaded.report.seconds,
    score: (texts) =>
      counted(() =>
        page.evaluate(async (texts) => {
          const began = performance.now();
          await window.model.client.call('score', { texts });
          return { seconds: (performance.now() - began) / 1_000 };
        }, texts),
      ),
    generate: (prompts, maxTokens) =>
      counted(() =>
        page.evaluate(
          async (requests) => {
            const began = performance.now();
            const begun = new Set<number>();
            let first = began;
            const answers = await window.model.client.call(
              'generate',
              { requests, slots: requests.length },
              {
                onTold: ({ request }) => {
                  if (!begun.has(request)) first = performance.now();
                  begun.add(request);
                },
              },
            );
            return {
              first: (first - began) / 1_000,
              rest: (performance.now() - first) / 1_000,
              ids: answers.map((answer) => answer.ids),
            };
          },
          requestsOf(prompts, maxTokens),
        ),
      ),
    memory: () => memoryOf(browser),
    close: () => browser.close(),
  };
};
