import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { begin, expectNothingLeft, gather, newFolder } from './command.fixture.ts';
import { fake } from './fake-trainer.fixture.ts';
import { isAlive } from './processes.node.ts';
import { pathsOf, readProcesses } from './run-folder.node.ts';
import { takeUpCommand } from './start-command.node.ts';

const CHILD = fileURLToPath(new URL('./take-up.child.ts', import.meta.url));

/** Starts a command in another process, which is killed -9 once it saw something of it. */
const crashed = async (behaviour: string, steps: number, pace: number): Promise<string> => {
  const folder = await newFolder();
  const args = [CHILD, behaviour, folder, String(steps), String(pace)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  return folder;
};

it('[T14] a command goes on when we are killed, and is taken up without a gap and without twice', async () => {
  const folder = await crashed('good', 40, 60);
  const command = readProcesses(folder)?.command;
  expect(command && isAlive(command)).toBe(true);
  const { events, on } = gather();
  const again = await takeUpCommand(folder, { on, pollMs: 10 });
  expect(await again.outcome).toMatchObject({ outcome: 'completed' });
  const steps = events.flatMap((e) => (e.type === 'metric' && e.loss !== undefined ? [e.step] : []));
  expect(steps).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expectNothingLeft(folder);
  // Once more, when all is over: the same.
  const late = gather();
  expect(await (await takeUpCommand(folder, { on: late.on })).outcome).toMatchObject({
    outcome: 'completed',
  });
  expect(late.events.flatMap((e) => (e.type === 'metric' && e.loss !== undefined ? [e.step] : []))).toEqual(
    steps,
  );
});

it('[T14] one that was taken up can be stopped', async () => {
  const folder = await crashed('hang', 3, 0);
  const again = await takeUpCommand(folder, { on: () => {}, pollMs: 10 });
  await again.stop();
  expect(await again.outcome).toMatchObject({ outcome: 'stopped' });
  expectNothingLeft(folder);
});

it('[T14] the exit code of one that ended while we were dead is known', async () => {
  const folder = await newFolder();
  const run = await begin(fake('fail'));
  run.running.leave();
  expect(await run.running.outcome).toBeNull();
  const again = await takeUpCommand(run.folder, { on: () => {}, pollMs: 10 });
  expect(await again.outcome).toMatchObject({ outcome: 'failed', exitCode: 3 });
  await expect(takeUpCommand(folder, { on: () => {} })).rejects.toThrow('Nothing was started');
});

it('[T14] one whose supervisor was killed is said to have died, and its rest is ended', async () => {
  const folder = await crashed('hang', 3, 0);
  const found = readProcesses(folder);
  process.kill(found?.supervisor.pid as number, 'SIGKILL');
  const again = await takeUpCommand(folder, { on: () => {}, pollMs: 10 });
  expect(await again.outcome).toMatchObject({ outcome: 'failed', says: expect.stringContaining('died') });
  expect(found?.command && isAlive(found.command)).toBe(false);
  expectNothingLeft(folder);
});

it('[T14] a torn last line of the kept metrics is left out', async () => {
  const run = await begin(fake('good'));
  await run.ended();
  const { metrics } = pathsOf(run.folder);
  const kept = readFileSync(metrics, 'utf8');
  appendFileSync(metrics, '{"step": 4, "lo');
  const { events, on } = gather();
  await (await takeUpCommand(run.folder, { on, pollMs: 10 })).outcome;
  expect(events.filter((e) => e.type === 'metric')).toHaveLength(kept.trimEnd().split('\n').length);
});
