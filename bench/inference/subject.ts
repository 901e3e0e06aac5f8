import type { Engine } from '@flywheel/inference/engine';
import { generate } from '@flywheel/inference/generate/generate';
import { score } from '@flywheel/inference/score/score';
import { chromium } from '@playwright/test';
import type { OpenModel } from '../../apps/web/src/app/inference.ts';
import { InferencePage } from '../../e2e/inference-page.ts';
import config from '../../playwright.config.ts';

/** Texts as tokens, all of one length. */
export type Texts = readonly (readonly number[])[];

/** What a generation took: until the last of the first tokens, and from there to the end, in seconds. */
export interface Generation {
  first: number;
  rest: number;
  /** Tokens of all answers. */
  tokens: number;
}

/** The model loaded somewhere. */
export interface BenchSubject {
  name: string;
  /** Seconds that it took to load. */
  load: number;
  /** Seconds that it takes to score texts. */
  score(texts: Texts): Promise<number>;
  generate(prompts: Texts, maxTokens: number): Promise<Generation>;
  close(): Promise<void>;
}

const requestsOf = (prompts: Texts, maxTokens: number) =>
  prompts.map((prompt, seed) => ({ prompt, maxTokens, sampling: {}, seed }));

export const nodeSubject = (name: string, engine: Engine): BenchSubject => ({
  name,
  load: engine.report.seconds,
  score: async (texts) => {
    const began = performance.now();
    await score(engine, texts);
    return (performance.now() - began) / 1_000;
  },
  generate: async (prompts, maxTokens) => {
    const began = performance.now();
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
      tokens: answers.reduce((sum, answer) => sum + answer.ids.length, 0),
    };
  },
  close: () => engine.close(),
});

declare const window: Window & { model: OpenModel };

/** The model in a worker of Chromium, on WebAssembly; times are taken inside the page. */
export const browserSubject = async (url: string, folder: string, threads: number): Promise<BenchSubject> => {
  const browser = await chromium.launch(config.use?.launchOptions);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  const model = new InferencePage(page);
  await model.open(url);
  const loaded = await model.loadFolder(folder, { backend: { name: 'web-wasm', threads } });
  return {
    name: `Chromium, WASM, ${loaded.threads} thread${loaded.threads === 1 ? '' : 's'}`,
    load: loaded.report.seconds,
    score: (texts) =>
      page.evaluate(async (texts) => {
        const began = performance.now();
        await window.model.client.call('score', { texts });
        return (performance.now() - began) / 1_000;
      }, texts),
    generate: (prompts, maxTokens) =>
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
            tokens: answers.reduce((sum, answer) => sum + answer.ids.length, 0),
          };
        },
        requestsOf(prompts, maxTokens),
      ),
    close: () => browser.close(),
  };
};
