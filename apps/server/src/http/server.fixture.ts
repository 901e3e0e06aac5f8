import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryHome } from '@flywheel/testkit/home';
import { type Answer, request } from '@flywheel/testkit/request';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { type RunningServer, serve } from './server.ts';

const TOKEN = 'the-token-of-this-test';

export interface Served {
  workspace: Workspace;
  home: string;
  server: RunningServer;
  token: string;
  /** As a signed-in page of ours asks, unless `headers` say otherwise. */
  ask: (path: string, options?: Parameters<typeof request>[2]) => Promise<Answer>;
  /** With exactly these headers and no session. */
  bare: (path: string, options?: Parameters<typeof request>[2]) => Promise<Answer>;
  post: (procedure: string, input: unknown) => Promise<Answer>;
  close: () => Promise<void>;
}

/** The real server on loopback over a fresh home, with a front end of one page. */
export const served = async (): Promise<Served> => {
  const { home, remove } = await temporaryHome('server');
  const web = path.join(home, 'web');
  await mkdir(path.join(web, 'assets'), { recursive: true });
  await writeFile(path.join(web, 'index.html'), '<!doctype html><title>the page</title>');
  await writeFile(path.join(web, 'assets', 'app.js'), 'export {};');
  const workspace = await openWorkspace(home);
  const server = await serve({ workspace, token: TOKEN, port: 0, web });
  const session = { cookie: `flywheel_${server.port}=${TOKEN}` };
  const bare: Served['bare'] = (at, options = {}) => request(server.port, at, options);
  const ask: Served['ask'] = (at, options = {}) =>
    bare(at, { ...options, headers: { ...session, ...options.headers } });
  return {
    workspace,
    home,
    server,
    token: TOKEN,
    ask,
    bare,
    post: (procedure, input) =>
      ask(`/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
    close: async () => {
      await server.close();
      await workspace.close();
      await remove();
    },
  };
};

/** The `result.data` of a tRPC answer. */
export const dataOf = <T>(answer: Answer): T =>
  (JSON.parse(answer.body) as { result: { data: T } }).result.data;
