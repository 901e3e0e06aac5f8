import start, { Environment } from 'minijinja-js/dist/web/minijinja_js.js';
import address from 'minijinja-js/dist/web/minijinja_js_bg.wasm?url';
import { CriticTemplates } from './render.ts';

let started: Promise<unknown> | undefined;

/** The template engine in the browser; its WASM is fetched once. @throws Error when it cannot be fetched */
export const loadTemplates = async (): Promise<CriticTemplates> => {
  started ??= start({ module_or_path: address }).catch((cause: unknown) => {
    started = undefined;
    throw new Error('The template engine could not be loaded. Reload the page.', { cause });
  });
  await started;
  return new CriticTemplates(Environment);
};
