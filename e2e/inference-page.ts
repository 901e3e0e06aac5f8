import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { OpenModel, OpenOptions } from '../apps/web/src/app/inference.ts';
import type { ByteSource } from '../packages/inference/src/model/byte-source.ts';
import type { Subject } from '../packages/inference/src/testing/conformance.ts';
import type { LoadedModel, WorkerCall, WorkerCalls } from '../packages/inference/src/worker-protocol.ts';

const ASSETS = fileURLToPath(new URL('../apps/web/dist/assets', import.meta.url));
export const REAL_MODEL = fileURLToPath(
  new URL('../../shared/models/SmolLM2-135M-Instruct', import.meta.url),
);
export const hasRealModel = existsSync(`${REAL_MODEL}/reference.json`);

/** What the page keeps between calls. */
interface Kept {
  inference: typeof import('../apps/web/src/app/inference.ts');
  model: OpenModel;
  folder: FileList;
}
declare const window: Window & Kept;

/** Of the small model. */
export const TINY_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];

/** A page of the app that holds a model in a worker, as a run in a tab does. */
export class InferencePage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** @param url with the token */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    const entry = readdirSync(ASSETS).find((name) => /^entry-inference-[\w-]+\.js$/.test(name));
    if (!entry) throw new Error('The front end is not built: it has no inference entry.');
    await this.page.evaluate(async (address) => {
      window.inference = await import(address);
    }, `/assets/${entry}`);
  }

  /** Loads a small model out of bytes. */
  async loadBytes(source: ByteSource, options: Pick<OpenOptions, 'backend'> = {}): Promise<LoadedModel> {
    const files = await Promise.all(
      TINY_FILES.map(
        async (path) => [path, Buffer.from(await source.read(path)).toString('base64')] as const,
      ),
    );
    return this.page.evaluate(
      async ({ name, files, options }) => {
        const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        window.model = await window.inference.openModel(
          { name, files: Object.fromEntries(files.map(([path, data]) => [path, bytes(data)])) },
          options,
        );
        return window.model.loaded;
      },
      { name: source.name, files, options },
    );
  }

  /** Loads a model from a folder that is picked, as people do it. */
  async loadFolder(folder: string, options: Pick<OpenOptions, 'backend'> = {}): Promise<LoadedModel> {
    await this.page.evaluate(() => {
      const input = document.createElement('input');
      Object.assign(input, { type: 'file', webkitdirectory: true, id: 'picked-model' });
      input.style.cssText = 'position: fixed; z-index: 1000';
      document.body.append(input);
    });
    await this.page.setInputFiles('#picked-model', folder);
    return this.page.evaluate(async (options) => {
      const { files } = document.querySelector('#picked-model') as HTMLInputElement;
      window.model = await window.inference.openModel(
        window.inference.pickedFolder(files as FileList),
        options,
      );
      return window.model.loaded;
    }, options);
  }

  call<C extends WorkerCall>(call: C, given: WorkerCalls[C]['given']): Promise<WorkerCalls[C]['back']> {
    // What goes through is data; Playwright's types of it cannot follow a call to what it is given.
    const asked = [call, given] as unknown as [string, string];
    return this.page.evaluate(
      ([call, given]) => window.model.client.call(call as never, given as never),
      asked,
    ) as Promise<WorkerCalls[C]['back']>;
  }

  end(): Promise<void> {
    return this.page.evaluate(() => window.model.client.end());
  }

  get subject(): Subject {
    return {
      score: (texts, options) => this.call('score', { texts, ...options }),
      generate: (requests, slots) => this.call('generate', { requests, slots }),
    };
  }
}
