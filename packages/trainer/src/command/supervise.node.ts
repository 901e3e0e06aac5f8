import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CommandEnd } from './outcome.ts';
import { MARK_VARIABLE, markOf, type ProcessMark, remaining, signalCommand } from './processes.node.ts';
import { pathsOf, readStart, writeJson } from './run-folder.node.ts';

/**
 * A process of its own between us and the command, started with the run's folder as its argument. It lives on when we die:
 * it keeps the time budget, stops on SIGTERM, and writes the exit code down. The command writes straight into the log, so
 * nothing of it breaks when nobody reads.
 */
const folder = process.argv[2] ?? '';
const start = readStart(folder);
if (!start) throw new Error(`There is no start.json in ${folder}.`);
const { plan, mark, graceSeconds } = start;
const paths = pathsOf(folder);
const supervisor = markOf(process.pid) as ProcessMark;

/** The longest that a timer of Node takes is 24.8 days. */
const HOUR = 3_600_000;
const STOP_COMMAND_MS = 30_000;

let why: CommandEnd['why'] = 'ended';
let child: ChildProcess | null = null;
let exited = false;

const end = async (fields: Partial<CommandEnd>): Promise<never> => {
  const whole: CommandEnd = {
    why,
    exitCode: null,
    signal: null,
    error: null,
    leftBehind: 0,
    at: Date.now(),
    ...fields,
  };
  await writeJson(paths.end, whole);
  process.exit(0);
};

const log = openSync(paths.log, 'a');
const environment = { ...process.env, [MARK_VARIABLE]: mark };

const runStopCommand = async (argv: readonly string[]): Promise<void> => {
  const [program = '', ...rest] = argv;
  const stopper = spawn(program, rest, {
    cwd: plan.cwd,
    env: environment,
    stdio: ['ignore', log, log],
    detached: true,
  });
  await Promise.race([
    new Promise<void>((resolve) => {
      stopper.on('exit', () => resolve());
      stopper.on('error', () => resolve());
    }),
    wait(STOP_COMMAND_MS),
  ]);
  if (stopper.pid !== undefined) signalCommand(stopper.pid, '', 'SIGKILL');
};

/** Asks all of them to end, and makes those that do not. Returns how many there were. */
const clear = async (group: number): Promise<number> => {
  const found = remaining(group, mark);
  if (found.length === 0) return 0;
  signalCommand(group, mark, 'SIGTERM');
  const deadline = Date.now() + graceSeconds * 1000;
  while (Date.now() < deadline && remaining(group, mark).length > 0) await wait(50);
  // A process that no signal ends hangs in the kernel; the run does not hang with it.
  for (let i = 0; i < 100 && remaining(group, mark).length > 0; i++) {
    signalCommand(group, mark, 'SIGKILL');
    await wait(50);
  }
  return found.length;
};

const halt = async (reason: 'stopped' | 'over-budget'): Promise<void> => {
  if (why !== 'ended' || exited) return;
  why = reason;
  if (plan.stop) await runStopCommand(plan.stop.argv);
  if (child?.pid !== undefined) await clear(child.pid);
};

process.on('SIGTERM', () => void halt('stopped'));
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

await writeJson(paths.processes, { supervisor, command: null });
// Stopped before it began.
if (why !== 'ended') await end({});
const [program = '', ...rest] = plan.argv;
child = spawn(program, rest, {
  cwd: plan.cwd,
  env: environment,
  stdio: ['ignore', log, log],
  detached: true,
});
const group = child.pid;
child.on('error', (error: NodeJS.ErrnoException) => {
  if (group !== undefined) return;
  const { code = '', message } = error;
  void end({ why: 'not-started', error: { code, message, cwdMissing: !existsSync(plan.cwd) } });
});
child.on('exit', async (exitCode, signal) => {
  exited = true;
  const leftBehind = await clear(group as number);
  await end({ exitCode, signal, leftBehind });
});
if (group !== undefined) {
  await writeJson(paths.processes, { supervisor, command: markOf(group) });
  const over = start.at + plan.timeBudget * 60_000;
  while (!exited && Date.now() < over) await wait(Math.min(HOUR, over - Date.now()));
  await halt('over-budget');
}
