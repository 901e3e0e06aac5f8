import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addDemo } from './demo/demo.ts';
import { UserError } from './errors.ts';
import { type RunningServer, serve } from './http/server.ts';
import { readServerFile, removeServerFile, writeServerFile } from './server-file.ts';
import { openWorkspace } from './workspace.ts';

const WEB = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../web/dist');

/** Opens the workspace, serves it until `close`, and tells the CLI where (`server.json`). */
export const start = async (options: {
  home: string;
  port: number;
  demo: boolean;
  /** A dev server sets its own token so that its proxy can pass. */
  token?: string;
}): Promise<RunningServer> => {
  const running = await readServerFile(options.home);
  if (running)
    throw new UserError(
      `A server (process ${running.pid}) holds ${options.home} already, at port ${running.port}. Stop it, or give another --home.`,
      'CONFLICT',
    );
  const workspace = await openWorkspace(options.home);
  const token = options.token ?? randomBytes(24).toString('base64url');
  try {
    if (options.demo) await addDemo(workspace);
    const server = await serve({ workspace, token, port: options.port, web: WEB });
    await writeServerFile(options.home, {
      pid: process.pid,
      port: server.port,
      token,
      startedAt: Date.now(),
    });
    return {
      ...server,
      close: async () => {
        await server.close();
        await workspace.close();
        await removeServerFile(options.home, process.pid);
      },
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
};
