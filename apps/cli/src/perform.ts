import path from 'node:path';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';

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

/** Opens the workspace for one command, prints the result on stdout, closes it. */
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
    process.stdout.write(`${common.json ? JSON.stringify(result) : say(result)}\n`);
  } finally {
    await connection.close();
  }
};
