import { existsSync } from 'node:fs';
import path from 'node:path';
import { type AppRouter, appRouter } from '@flywheel/server/routers/app-router';
import { readServerFile, type ServerFile } from '@flywheel/server/server-file';
import { createCaller, EVERY_PERMISSION } from '@flywheel/server/trpc';
import { openWorkspace } from '@flywheel/server/workspace';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
type Run = Outputs['runs']['cancel'];
type RunId = Inputs['runs']['get']['id'];

/** The procedures that commands use, the same in this process and over loopback. */
export interface Connection {
  /** The workspace is open in this process: its work ends with the command. */
  inProcess: boolean;
  startImport(input: Inputs['imports']['start']): Promise<Outputs['imports']['start']>;
  startJudge(input: Inputs['judges']['run']): Promise<Outputs['judges']['run']>;
  startExport(input: Inputs['exports']['start']): Promise<Outputs['exports']['start']>;
  runs(): Promise<Outputs['runs']['list']>;
  run(id: RunId): Promise<Outputs['runs']['get']>;
  cancel(id: RunId): Promise<Run>;
  pause(id: RunId): Promise<Run>;
  resume(id: RunId): Promise<Run>;
  retry(id: RunId): Promise<Run>;
  calibrate(input: Inputs['calibration']['compare']): Promise<Outputs['calibration']['compare']>;
  sql(input: Inputs['sql']['query']): Promise<Outputs['sql']['query']>;
  doctor(): Promise<Outputs['workspace']['doctor']>;
  backup(): Promise<Outputs['workspace']['backup']>;
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
  const client = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `http://127.0.0.1:${server.port}/trpc`,
        headers: { authorization: `Bearer ${server.token}` },
      }),
    ],
  });
  return {
    inProcess: false,
    startImport: (input) => client.imports.start.mutate(input),
    startJudge: (input) => client.judges.run.mutate(input),
    startExport: (input) => client.exports.start.mutate(input),
    runs: () => client.runs.list.query(),
    run: (id) => client.runs.get.query({ id }),
    cancel: (id) => client.runs.cancel.mutate({ id }),
    pause: (id) => client.runs.pause.mutate({ id }),
    resume: (id) => client.runs.resume.mutate({ id }),
    retry: (id) => client.runs.retry.mutate({ id }),
    calibrate: (input) => client.calibration.compare.query(input),
    sql: (input) => client.sql.query.mutate(input),
    doctor: () => client.workspace.doctor.mutate(),
    backup: () => client.workspace.backup.mutate(),
    close: async () => undefined,
  };
};

const inProcess = async (home: string, recover: boolean): Promise<Connection> => {
  if (!existsSync(path.join(home, 'flywheel.duckdb')))
    process.stderr.write(`flywheel: ${home} held no workspace; a new one is made there.\n`);
  const workspace = await openWorkspace(home, { recover });
  if (!recover)
    for (const run of await workspace.runs.interrupted())
      process.stderr.write(
        `flywheel: run ${run.id} (${run.title}) was interrupted; \`flywheel resume ${run.id}\` finishes it.\n`,
      );
  const caller = createCaller(appRouter)({ workspace, permissions: EVERY_PERMISSION });
  return {
    inProcess: true,
    startImport: (input) => caller.imports.start(input),
    startJudge: (input) => caller.judges.run(input),
    startExport: (input) => caller.exports.start(input),
    runs: () => caller.runs.list(),
    run: (id) => caller.runs.get({ id }),
    cancel: (id) => caller.runs.cancel({ id }),
    pause: (id) => caller.runs.pause({ id }),
    resume: (id) => caller.runs.resume({ id }),
    retry: (id) => caller.runs.retry({ id }),
    calibrate: (input) => caller.calibration.compare(input),
    sql: (input) => caller.sql.query(input),
    doctor: () => caller.workspace.doctor(),
    backup: () => caller.workspace.backup(),
    close: () => workspace.close(),
  };
};
