import path from 'node:path';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';
import { InterruptedError } from './interrupt.ts';

/** Options of every command that works on a workspace. */
export interface Common {
  home: string;
  json?: boolean;
}

/** An argument that cannot be used; the message names it and the remedy. */
export class InputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InputError';
  }
}

/** As `defaultHome` of the server, which `--help` need not load. */
export const defaultHome = (): string => path.resolve(process.env.FLYWHEEL_HOME ?? '.flywheel');

export const workspaceCommand = (program: Command, usage: string, description: string): Command =>
  program
    .command(usage)
    .description(description)
    .option('--home <dir>', 'workspace folder (or FLYWHEEL_HOME)', defaultHome())
    .option('--json', 'the last line of stdout is one JSON object');

/**
 * Opens the workspace for one command, prints the result on stdout, closes it. `recover`: the command works, so what a
 * dead process left goes on with it, and it leaves nothing half done.
 */
export const perform = async <T extends object>(
  common: Common,
  work: (connection: Connection) => Promise<T>,
  say: (result: T) => string,
  { recover = false }: { recover?: boolean } = {},
): Promise<void> => {
  const { connect } = await import('./connect.ts');
  const connection = await connect(path.resolve(common.home), { recover });
  try {
    const result = await work(connection);
    if (recover && connection.inProcess) await finishRest(connection);
    process.stdout.write(`${common.json ? JSON.stringify(result) : say(result)}\n`);
  } finally {
    await connection.close();
  }
};

/** Follows what else this process has to do: runs that an earlier one left, and those that they started. */
const finishRest = async (connection: Connection): Promise<void> => {
  const { follow } = await import('./follow.ts');
  for (;;) {
    const runs = await connection.api.runs.list.query();
    const rest = runs.filter((r) => r.state === 'queued' || r.state === 'running').map((r) => r.id);
    if (rest.length === 0) return;
    await follow(
      connection,
      rest.sort((a, b) => a - b),
    ).catch((error: unknown) => {
      if (error instanceof InterruptedError) throw error;
      process.stderr.write(`flywheel: ${(error as Error).message}\n`);
    });
  }
};
