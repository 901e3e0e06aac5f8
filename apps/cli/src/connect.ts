import { type AppRouter, appRouter } from '@flywheel/server/routers/app-router';
import { readServerFile } from '@flywheel/server/server-file';
import { createCaller, EVERY_PERMISSION } from '@flywheel/server/trpc';
import { openWorkspace } from '@flywheel/server/workspace';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

/** The procedures that commands use, the same in this process and over loopback. */
export interface Connection {
  startImport(input: Inputs['imports']['start']): Promise<Outputs['imports']['start']>;
  startJudge(input: Inputs['judges']['run']): Promise<Outputs['judges']['run']>;
  startExport(input: Inputs['exports']['start']): Promise<Outputs['exports']['start']>;
  run(id: Inputs['runs']['get']['id']): Promise<Outputs['runs']['get']>;
  cancel(id: Inputs['runs']['cancel']['id']): Promise<unknown>;
  calibrate(input: Inputs['calibration']['compare']): Promise<Outputs['calibration']['compare']>;
  sql(input: Inputs['sql']['query']): Promise<Outputs['sql']['query']>;
  doctor(): Promise<Outputs['workspace']['doctor']>;
  backup(): Promise<Outputs['workspace']['backup']>;
  close(): Promise<void>;
}

/** Talks to the server that holds `home`, or opens the workspace here when none does. */
export const connect = async (home: string): Promise<Connection> => {
  const server = await readServerFile(home);
  if (server) {
    const client = createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `http://127.0.0.1:${server.port}/trpc`,
          headers: { authorization: `Bearer ${server.token}` },
        }),
      ],
    });
    return {
      startImport: (input) => client.imports.start.mutate(input),
      startJudge: (input) => client.judges.run.mutate(input),
      startExport: (input) => client.exports.start.mutate(input),
      run: (id) => client.runs.get.query({ id }),
      cancel: (id) => client.runs.cancel.mutate({ id }),
      calibrate: (input) => client.calibration.compare.query(input),
      sql: (input) => client.sql.query.mutate(input),
      doctor: () => client.workspace.doctor.mutate(),
      backup: () => client.workspace.backup.mutate(),
      close: async () => undefined,
    };
  }
  const workspace = await openWorkspace(home);
  const caller = createCaller(appRouter)({ workspace, permissions: EVERY_PERMISSION });
  return {
    startImport: (input) => caller.imports.start(input),
    startJudge: (input) => caller.judges.run(input),
    startExport: (input) => caller.exports.start(input),
    run: (id) => caller.runs.get({ id }),
    cancel: (id) => caller.runs.cancel({ id }),
    calibrate: (input) => caller.calibration.compare(input),
    sql: (input) => caller.sql.query(input),
    doctor: () => caller.workspace.doctor(),
    backup: () => caller.workspace.backup(),
    close: () => workspace.close(),
  };
};
