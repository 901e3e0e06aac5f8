import { existsSync } from 'node:fs';
import path from 'node:path';
import { type AppRouter, appRouter } from '@flywheel/server/routers/app-router';
import { readServerFile, type ServerFile } from '@flywheel/server/server-file';
import { EVERY_PERMISSION } from '@flywheel/server/trpc';
import { openWorkspace } from '@flywheel/server/workspace';
import { createTRPCClient, httpLink, localLink, type TRPCClient } from '@trpc/client';

/** The procedures of a workspace, the same in this process and over loopback. */
export interface Connection {
  /** The workspace is open in this process: its work ends with the command. */
  inProcess: boolean;
  api: TRPCClient<AppRouter>;
  close(): Promise<void>;
}

/** Whether the server of a server file answers: its process may have died and its number gone to another. */
const answers = async (server: ServerFile): Promise<boolean> => {
  try {
    await fetch(`http://127.0.0.1:${server.port}/`, { signal: AbortSignal.timeout(5_000) });
    return true;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code !== 'ECONNREFUSED';
  }
};

/**
 * Talks to the server that holds `home`, or opens the workspace here when none does. `recover`: runs that a dead
 * process left go on; otherwise they are only pointed at.
 */
export const connect = async (home: string, { recover }: { recover: boolean }): Promise<Connection> => {
  const server = await readServerFile(home);
  return server && (await answers(server)) ? overLoopback(server) : inProcess(home, recover);
};

const overLoopback = (server: ServerFile): Connection => {
  const api = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `http://127.0.0.1:${server.port}/trpc`,
        headers: { authorization: `Bearer ${server.token}` },
      }),
    ],
  });
  return { inProcess: false, api, close: async () => undefined };
};

const inProcess = async (home: string, recover: boolean): Promise<Connection> => {
  if (!existsSync(path.join(home, 'flywheel.duckdb')))
    process.stderr.write(`flywheel: ${home} held no workspace; a new one is made there.\n`);
  const workspace = await openWorkspace(home, { recover });
  if (!recover)
    for (const run of await workspace.runs.interrupted())
      process.stderr.write(
        `flywheel: run ${run.id} (${run.title}) was interrupted; \`flywheel run resume ${run.id}\` finishes it.\n`,
      );
  const createContext = async () => ({ workspace, permissions: EVERY_PERMISSION });
  const api = createTRPCClient<AppRouter>({ links: [localLink({ router: appRouter, createContext })] });
  return { inProcess: true, api, close: () => workspace.close() };
};
