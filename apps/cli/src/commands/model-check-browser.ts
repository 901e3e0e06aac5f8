import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import type { CheckJob, CheckOutcome } from '@flywheel/inference/worker-job';
import { SECURITY_HEADERS } from '@flywheel/server/http/headers';
import { InputError } from '../perform.ts';

const ASSETS = path.resolve(import.meta.dirname, '../../../web/dist/assets');
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Runs a check in a browser of this machine, without a window: a page of ours loads the model in its worker.
 *
 * @param folder of the model; nothing outside of it is given to the page
 * @throws InputError where there is no browser or no built front end; Error with what the page said
 */
export const checkInBrowser = async (
  folder: string,
  job: Omit<CheckJob, 'files' | 'name'>,
): Promise<Exclude<CheckOutcome, { error: string }>> => {
  const browser = findBrowser();
  const entry = findEntry();
  const files = await filesOf(folder);
  const { address, outcome, close } = await servePage(folder, entry, { name: folder, files, ...job });
  const profile = await mkdtemp(path.join(tmpdir(), 'flywheel-browser-'));
  const child = spawn(browser, [...flagsOf(job), `--user-data-dir=${profile}`, address], { stdio: 'ignore' });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${browser} ended (${code}) before the check was done.`)));
  });
  try {
    const found = await Promise.race([outcome, ended]);
    if ('error' in found) throw new Error(found.error);
    return found;
  } finally {
    close();
    ended.catch(() => undefined);
    if (child.exitCode === null && child.pid !== undefined) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
};

const flagsOf = ({ backend }: Pick<CheckJob, 'backend'>): string[] => [
  '--headless=new',
  '--no-first-run',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  // Chromium refuses to run as root with its sandbox, which containers need.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...(backend.name === 'web-webgpu' ? ['--enable-unsafe-webgpu'] : []),
  ...(process.env.FLYWHEEL_BROWSER_FLAGS?.split(' ').filter(Boolean) ?? []),
];

const findBrowser = (): string => {
  const given = process.env.FLYWHEEL_BROWSER;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = given ?? BROWSERS.flatMap((name) => folders.map((f) => path.join(f, name))).find(existsSync);
  if (!found || !existsSync(found))
    throw new InputError(
      'No Chromium or Chrome was found on this machine. Install one, or name it in FLYWHEEL_BROWSER.',
    );
  return found;
};

const findEntry = (): string => {
  const names = existsSync(ASSETS) ? readdirSync(ASSETS) : [];
  const entry = names.find((name) => /^entry-model-check-[\w-]+\.js$/.test(name));
  if (!entry) throw new InputError('The front end is not built. Run `npm run build`, then try again.');
  return entry;
};

/** Bytes of each file of a model, by its path with `/`. */
const filesOf = async (folder: string): Promise<Record<string, number>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const full = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, full).split(path.sep).join('/'), (await stat(full)).size] as const;
      }),
  );
  return Object.fromEntries(files);
};

/** A server on the loopback for one page; its job and the model's files lie below an address that only that page is told. */
const servePage = async (folder: string, entry: string, job: CheckJob) => {
  const secret = `/${randomUUID()}/`;
  let done: (outcome: CheckOutcome) => void = () => undefined;
  const outcome = new Promise<CheckOutcome>((resolve) => {
    done = resolve;
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://flywheel');
    const asset = /^\/assets\/([\w.-]+)$/.exec(pathname)?.[1];
    const own = pathname.startsWith(secret) ? decodeURIComponent(pathname.slice(secret.length)) : null;
    const file = own?.startsWith('model/') ? own.slice('model/'.length) : null;
    const send = (type: string, body: string): unknown =>
      response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': type }).end(body);
    const stream = (type: string, full: string): unknown => {
      response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': type });
      return createReadStream(full)
        .on('error', () => response.destroy())
        .pipe(response);
    };
    if (asset && existsSync(path.join(ASSETS, asset)))
      stream(TYPES[path.extname(asset)] ?? 'application/octet-stream', path.join(ASSETS, asset));
    else if (own === '')
      send('text/html', `<!doctype html><script type="module" src="/assets/${entry}"></script>`);
    else if (own === 'job') send('application/json', JSON.stringify(job));
    else if (file !== null && Object.hasOwn(job.files, file))
      stream('application/octet-stream', path.join(folder, file));
    else if (own === 'outcome' && request.method === 'POST') {
      const found = (await json(request)) as CheckOutcome;
      response.writeHead(204, SECURITY_HEADERS).end();
      done(found);
    } else response.writeHead(404, SECURITY_HEADERS).end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${secret}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { address, outcome, close };
};
