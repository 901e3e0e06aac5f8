import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import { follow, secondsOf } from '../follow.ts';
import { perform, workspaceCommand } from '../perform.ts';
import { type AskOptions, askedOf, positive, withAsking } from './asking.ts';
import { type Recorded, record } from './record.ts';
import { withSlice } from './slice.ts';

interface StartOptions extends AskOptions {
  repetitions: number;
  dryRun?: boolean;
  record?: string;
}

const launchFrom = async (connection: Connection, text: string, o: StartOptions) => ({
  ...(await askedOf(connection, text, o)),
  repetitions: o.repetitions,
});

/** Asks a critic about a slice, and follows the run. The same command as `critic run` and as `run start`. */
export const addCritiqueStart = (group: Command, usage: string, description: string): void => {
  withAsking(withSlice(workspaceCommand(group, usage, description)))
    .option('--repetitions <n>', 'answers for each trace', positive, 1)
    .option('--record <file>', 'write the answers as a recording, which a replay provider answers from')
    .option('--dry-run', 'say what would happen, and do nothing')
    .action((text: string, o: StartOptions) =>
      o.dryRun
        ? perform(
            o,
            async (connection) => connection.api.critics.plan.query(await launchFrom(connection, text, o)),
            (p) =>
              [
                `${p.items} answers (${p.cached} kept already), ${p.toCall} calls, up to ${p.inputTokens} tokens in and ${p.outputTokens} out, cost ${p.cost === null ? 'unknown' : `up to $${p.cost.toFixed(4)}`}, ${p.concurrency} at once.`,
                ...p.warnings,
              ].join('\n'),
          )
        : perform(
            o,
            async (connection) => {
              const started = await connection.api.critics.launch.mutate(
                await launchFrom(connection, text, o),
              );
              const [run = started] = await follow(connection, [started.id]);
              return {
                runId: run.id,
                done: run.done,
                failed: run.failed,
                cached: run.spend?.cached ?? 0,
                parseFailures: run.spend?.parseFailures ?? 0,
                seconds: secondsOf(run),
                ...(o.record === undefined ? {} : { recording: await record(connection, run.id, o.record) }),
              };
            },
            (r) =>
              [
                `Run ${r.runId}: ${r.done} judged (${r.cached} from the cache), ${r.failed} failed (${r.parseFailures} did not parse), in ${r.seconds.toFixed(1)} s.${r.failed > 0 ? ` \`flywheel run retry ${r.runId}\` tries those again.` : ''}`,
                ...(r.recording ? [recordedText(r.recording)] : []),
              ].join('\n'),
            { recover: true },
          ),
    );
};

const recordedText = ({ file, answers, missing }: Recorded): string =>
  `${answers} answers recorded in ${file}${missing > 0 ? `, ${missing} traces without one` : ''}. Put it into recordings/ of a workspace to replay it.`;
