import { createReadStream, existsSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Backend, type BenchSubject, launch, memoryOf, type Texts } from './subject.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const WORKER = fileURLToPath(new URL('./transformers-worker.js', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Gives files to an isolated page: threads need that. */
const serve = async (folder: string): Promise<{ url: string; close: () => void }> => {
  const send = (response: ServerResponse, path: string): void => {
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    createReadStream(path).pipe(response);
  };
  const server = createServer((request, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    const path = normalize(new URL(request.url ?? '/', 'http://bench').pathname);
    if (path === '/')
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>bench</title>');
    else if (path === '/worker.js') send(response, WORKER);
    else if (path.startsWith('/modules/')) send(response, join(MODULES, path.slice('/modules/'.length)));
    else if (path.startsWith('/model/')) send(response, join(folder, path.slice('/model/'.length)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
};

declare const window: Window & { ask: (call: string, given: unknown) => Promise<never> };

interface Timed {
  seconds: number;
  readBack: number;
}

/**
 * transformers.js in a worker of Chromium, over the file as it is. It is given texts of one length only: a batch of others it
 * continues wrong.
 *
 * @param dtype as it names precisions: `q4` for `model_q4.onnx`, `fp32` for `model.onnx`
 */
export const transformersSubject = async (
  folder: string,
  dtype: string,
  { name, threads }: Backend,
): Promise<BenchSubject> => {
  const began = performance.now();
  const server = await serve(folder);
  const browser = await launch(name);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url);
  await page.evaluate(() => {
    const worker = new Worker('/worker.js', { type: 'module' });
    window.ask = (call, given) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data.back));
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage({ call, given });
      });
  });
  const ask = <T>(call: string, given: unknown): Promise<T & Timed> =>
    page.evaluate(([call, given]) => window.ask(call as string, given), [call, given] as const);
  await ask('load', { dtype, device: name === 'web-wasm' ? 'wasm' : 'webgpu', threads });
  return {
    name: `transformers.js, Chromium, ${name}, ${threads} thread${threads === 1 ? '' : 's'}`,
    load: (performance.now() - began) / 1_000,
    score: async (texts: Texts) => {
      const { seconds, readBack } = await ask<object>('score', { texts });
      return { seconds, readBack };
    },
    generate: async (prompts, maxTokens) => {
      const { first, rest, ids, readBack } = await ask<{ first: number; rest: number; ids: number[][] }>(
        'generate',
        { prompts, maxTokens },
      );
      return { first, rest, ids, readBack };
    },
    memory: () => memoryOf(browser),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
};
