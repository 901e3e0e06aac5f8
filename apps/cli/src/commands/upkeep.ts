import type { Command } from 'commander';
import { type Common, perform, workspaceCommand } from '../perform.ts';

export const addUpkeep = (program: Command): void => {
  workspaceCommand(program, 'doctor', 'check the workspace and rebuild what is derived')
    .addHelpText('after', '\nExit code 1 when something is broken that it cannot mend.')
    .action((o: Common) =>
      perform(
        o,
        async (connection) => {
          const report = await connection.api.workspace.doctor.mutate();
          if (report.checks.some((x) => !x.ok && !x.mended)) process.exitCode = 1;
          return report;
        },
        (r) =>
          r.checks
            .map((x) => `${x.ok ? 'ok    ' : x.mended ? 'mended' : 'BROKEN'} ${x.name}: ${x.detail}`)
            .join('\n'),
      ),
    );
  workspaceCommand(program, 'backup', 'make a consistent copy, also while serving')
    .addHelpText('after', '\nThe copy is a workspace of its own: flywheel serve --home COPY')
    .action((o: Common) =>
      perform(
        o,
        (connection) => connection.api.workspace.backup.mutate(),
        (r) => `Copied to ${r.folder}`,
      ),
    );
};
