// A process that dies: takes up the critique run of the workspace argv[2] that was left (or starts it), and says how it went.
import type { RunId } from '@flywheel/domain/ids';
import { openWorkspace } from '../workspace.ts';
import { launchOf } from './critique.fixture.ts';

const workspace = await openWorkspace(process.argv[2] ?? '');
const [left] = await workspace.runs.list();
const run = left ?? (await workspace.launches.launch(launchOf()));
process.stdout.write('working\n');
const ended = await workspace.runs.wait(run.id as RunId);
process.stdout.write(`ended ${ended.state}\n`);
await workspace.close();
