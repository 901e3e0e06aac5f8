import { VERIFIERS } from '@flywheel/judges/verifiers';
import type { Command } from 'commander';
import { follow, secondsOf } from '../follow.ts';
import { type Common, perform, workspaceCommand } from '../perform.ts';
import { QUERY_HELP, withSlice } from './slice.ts';

export const addJudge = (program: Command): void => {
  const names = VERIFIERS.map((v) => `  ${v.id.slice('verifier:'.length).padEnd(18)} ${v.title}`);
  withSlice(workspaceCommand(program, 'judge <verifier>', 'run a verifier over a slice'))
    .addHelpText(
      'after',
      `\nVerifiers:\n${names.join('\n')}\n\n${QUERY_HELP}\nCtrl-C cancels the run and keeps what it did.`,
    )
    .action((verifier: string, o: Common & { slice: string }) =>
      perform(
        o,
        async (connection) => {
          const started = await connection.api.judges.run.mutate({ verifier, query: o.slice });
          const [run = started] = await follow(connection, [started.id]);
          return {
            runId: run.id,
            judged: run.done,
            notApplicable: run.skipped,
            failed: run.failed,
            flawed: run.result.flawed ?? 0,
            seconds: secondsOf(run),
          };
        },
        (r) =>
          `Run ${r.runId}: ${r.judged} judged (${r.flawed} flawed), ${r.notApplicable} not applicable, ${r.failed} failed, in ${r.seconds.toFixed(1)} s.${r.failed > 0 ? ` \`flywheel run retry ${r.runId}\` tries those again.` : ''}`,
        { recover: true },
      ),
    );
};
