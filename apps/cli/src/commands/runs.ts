import { ItemCause } from '@flywheel/domain/critique';
import { RunId, TraceId } from '@flywheel/domain/ids';
import { type Command, InvalidArgumentError } from 'commander';
import { follow, runLine } from '../follow.ts';
import { type Common, perform, workspaceCommand } from '../perform.ts';
import { runReport } from '../run-report.ts';
import { addCritiqueStart } from './critique-start.ts';

const number = (text: string): RunId => {
  const id = RunId.safeParse(Number(text));
  if (!id.success)
    throw new InvalidArgumentError('A run is named by its number; `flywheel run list` lists them.');
  return id.data;
};
const cause = (text: string): ItemCause => {
  const known = ItemCause.safeParse(text);
  if (!known.success) throw new InvalidArgumentError(`A cause is one of ${ItemCause.options.join(', ')}.`);
  return known.data;
};

const addList = (group: Command): void => {
  workspaceCommand(group, 'list', 'the newest first').action((o: Common) =>
    perform(
      o,
      async ({ api }) => ({ runs: await api.runs.list.query() }),
      ({ runs }) => runs.map(runLine).join('\n') || 'No runs yet.',
    ),
  );
};

const addShow = (group: Command): void => {
  workspaceCommand(group, 'show', 'what a run is, did and cost, and why items failed')
    .argument('<run>', 'number of the run', number)
    .action((id: RunId, o: Common) =>
      perform(
        o,
        ({ api }) => runReport(api, id),
        (r) =>
          [
            runLine(r.run),
            ...(r.calls === null
              ? []
              : [
                  `${r.calls} calls, ${r.cached} from the cache, ${r.tokens} tokens, cost ${r.cost ?? 'unknown'}`,
                ]),
            ...Object.entries(r.errors).map(([why, count]) => `  ${why}: ${count}`),
          ].join('\n'),
      ),
    );
};

const addStopping = (group: Command, act: 'cancel' | 'pause', description: string): void => {
  workspaceCommand(group, act, description)
    .argument('<run>', 'number of the run', number)
    .action((id: RunId, o: Common) =>
      perform(
        o,
        async ({ api }) => ({ run: await api.runs[act].mutate({ id }) }),
        ({ run }) => runLine(run),
      ),
    );
};

const addResume = (group: Command): void => {
  workspaceCommand(group, 'resume', 'continue a run that was paused, cancelled or interrupted')
    .argument('<run>', 'number of the run', number)
    .action((id: RunId, o: Common) =>
      perform(
        o,
        async (connection) => {
          await connection.api.runs.resume.mutate({ id });
          const [run] = await follow(connection, [id]);
          return { run };
        },
        ({ run }) => (run ? runLine(run) : ''),
      ),
    );
};

const addRetry = (group: Command): void => {
  workspaceCommand(group, 'retry', 'do failed items of a run again')
    .argument('<run>', 'number of the run', number)
    .option('--cause <cause>', 'only those that failed for this cause', cause)
    .option('--trace <id>', 'only that of this trace', (id: string): TraceId => TraceId.parse(id))
    .action((id: RunId, o: Common & { cause?: ItemCause; trace?: TraceId }) =>
      perform(
        o,
        async (connection) => {
          await connection.api.runs.retry.mutate({ id, cause: o.cause, trace: o.trace });
          const [run] = await follow(connection, [id]);
          return { run };
        },
        ({ run }) => (run ? runLine(run) : ''),
      ),
    );
};

export const addRuns = (program: Command): void => {
  const group = program.command('run').description('list, show, start and steer runs');
  addList(group);
  addShow(group);
  addCritiqueStart(group, 'start <critic>', 'ask a critic about a slice; as `critic run`');
  addStopping(group, 'pause', 'hold a run; what it did is kept');
  addResume(group);
  addStopping(group, 'cancel', 'stop a run; what it did is kept');
  addRetry(group);
};
