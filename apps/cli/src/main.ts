import { Command } from 'commander';
import { addCalibrate } from './commands/calibrate.ts';
import { addCritics } from './commands/critics.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addJudge } from './commands/judge.ts';
import { addLocal } from './commands/local.ts';
import { addModels } from './commands/models.ts';
import { addProviders } from './commands/providers.ts';
import { addRuns } from './commands/runs.ts';
import { addServe } from './commands/serve.ts';
import { addSql } from './commands/sql.ts';
import { addUpkeep } from './commands/upkeep.ts';
import { failureOf } from './failure.ts';

const program = new Command('flywheel')
  .description(
    'Find where a model’s reasoning breaks: import traces, judge them, calibrate the judges, export training data.\nCommands work alone, or through the server that holds the workspace.',
  )
  .version('0.1.0')
  .showHelpAfterError('(--help shows how it is used)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not installed, 130 stopped with Ctrl-C.\nFLYWHEEL_DEBUG=1 shows where an error came from.',
  )
  .exitOverride();
for (const add of [
  addServe,
  addImport,
  addJudge,
  addCalibrate,
  addProviders,
  addCritics,
  addRuns,
  addModels,
  addLocal,
  addExport,
  addSql,
  addUpkeep,
])
  add(program);

// `flywheel sql ... | head` closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  const { message, code } = await failureOf(error);
  if (message !== null) process.stderr.write(`flywheel: ${message}\n`);
  if (process.env.FLYWHEEL_DEBUG) console.error(error);
  process.exitCode = code;
}
