// Launches the critique run of argv[3] in the workspace argv[2], or goes on with the one that was left there; exits when it has ended.
import type { RunId } from '@flywheel/domain/ids';
import { openWorkspace } from '@flywheel/server/workspace';
import { launchOf } from './prepared-home.ts';

const [home = '', query = ''] = process.argv.slice(2);
const workspace = await openWorkspace(home);
const left = (await workspace.runs.list()).find((run) => run.kind === 'critique');
const { id } = left ?? (await workspace.launches.launch(launchOf(query, 1)));
const ended = await workspace.runs.wait(id as RunId);
await workspace.close();
process.exitCode = ended.state === 'succeeded' && ended.done === ended.total ? 0 : 1;
