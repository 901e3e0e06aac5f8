import { RunId } from '@flywheel/domain/ids';
import { type Command, InvalidArgumentError } from 'commander';
import type { Connection } from '../connect.ts';
import { follow, runLine } from '../follow.ts';
import { type Common, perform, workspaceCommand } from '../perform.ts';

const number = (text: string): RunId => {
  const id = RunId.safeParse(Number(text));
  if (!id.success)
    throw new InvalidArgumentError('A run is named by its number; `flywheel runs` lists them.');
  return id.data;
};

/** An act on a run that then works on: it is followed to its end. */
const addWorkingAct = (program: Command, act: 'resume' | 'retry', description: string): void => {
  workspaceCommand(program, act, description)
    .argument('<run>', 'number of the run', number)
    .action((id: RunId, o: Common) =>
      perform(
        o,
        async (connection: Connection) => {
          await connection[act](id);
          const [run] = await follow(connection, [id]);
          return { run };
        },
        ({ run }) => (run ? runLine(run) : ''),
      ),
    );
};

const addStoppingAct = (program: Command, act: 'cancel' | 'pause', description: string): void => {
  workspaceCommand(program, act, description)
    .argument('<run>', 'number of the run', number)
    .action((id: RunId, o: Common) =>
      perform(
        o,
        async (connection: Connection) => ({ run: await connection[act](id) }),
        ({ run }) => runLine(run),
      ),
    );
};

export const addRuns = (program: Command): void => {
  workspaceCommand(program, 'runs', 'list runs, the newest first').action((o: Common) =>
    perform(
      o,
      async (connection) => ({ runs: await connection.runs() }),
      ({ runs }) => runs.map(runLine).join('\n') || 'No runs yet.',
    ),
  );
  addWorkingAct(program, 'resume', 'continue a run that was paused, cancelled or interrupted');
  addWorkingAct(program, 'retry', 'do the failed items of a run again');
  addStoppingAct(program, 'pause', 'hold a run; what it did is kept');
  addStoppingAct(program, 'cancel', 'stop a run; what it did is kept');
};
