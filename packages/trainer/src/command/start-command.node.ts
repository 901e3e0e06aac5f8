import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandTrainer, type CommandTrainerInput } from './command-trainer.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import type { CommandOutcome } from './outcome.ts';
import type { CommandValues } from './placeholders.ts';
import { isAlive } from './processes.node.ts';
import {
  type CommandStart,
  OURS,
  pathsOf,
  readEnd,
  readProcesses,
  readStart,
  writeJson,
} from './run-folder.node.ts';
import { type CommandEvent, CommandWatch } from './watch-command.node.ts';

const SUPERVISOR = fileURLToPath(new URL('./supervise.node.ts', import.meta.url));

export interface RunningCommand {
  plan: DryRun;
  /** Settles when the command, and all that it started, is gone; null when `leave` came first. */
  outcome: Promise<CommandOutcome | null>;
  /** SIGTERM, and SIGKILL after the grace, to everything that it started; the outcome is then `stopped`. */
  stop: () => Promise<void>;
  /** Ends the watching; the command goes on, and {@link takeUpCommand} finds it again. */
  leave: () => void;
}

export interface CommandOptions {
  on: (event: CommandEvent) => void;
  /** How often the log is looked at, in milliseconds: 250. */
  pollMs?: number;
  /** Between SIGTERM and SIGKILL: 20. A trainer writes its checkpoint in it. */
  graceSeconds?: number;
}

/** Names of variables that look like keys, and ours. Only those among `secrets` are passed on. */
const HIDDEN = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|^FLYWHEEL_|^NODE_/i;

const environmentOf = (plan: DryRun): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !HIDDEN.test(name) || plan.secrets.includes(name),
  );
  return { ...Object.fromEntries(inherited), ...plan.env };
};

/** Short ones are left: they would be found everywhere. */
const secretValues = (plan: DryRun): string[] =>
  plan.secrets.map((name) => process.env[name] ?? '').filter((value) => value.length >= 8);

const watched = (
  folder: string,
  start: CommandStart,
  { on, pollMs = 250 }: CommandOptions,
  again: boolean,
): RunningCommand => {
  const leaving = new AbortController();
  const watch = new CommandWatch(folder, start, {
    on,
    pollMs,
    secrets: secretValues(start.plan),
    signal: leaving.signal,
  });
  return {
    plan: start.plan,
    outcome: (again ? watch.recall() : Promise.resolve()).then(() => watch.untilEnd()),
    stop: async () => {
      // It may be so young that it has not said who it is.
      while (!readProcesses(folder) && !readEnd(folder) && Date.now() < start.at + 60_000) await wait(20);
      const supervisor = readProcesses(folder)?.supervisor;
      if (supervisor && isAlive(supervisor)) process.kill(supervisor.pid, 'SIGTERM');
    },
    leave: () => leaving.abort(),
  };
};

const isEmpty = async (folder: string): Promise<boolean> =>
  (
    await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    })
  ).length === 0;

/**
 * Starts a command trainer. It runs without a shell, in a session of its own below a process that outlives us, and
 * writes its log and our notes into `folder/command`.
 *
 * @param folder the run's own, absolute; made when it is not there
 * @throws Error when a value cannot be, when the folder already had a run, or when `out` is not empty. What goes wrong
 *   from the start of the command on is an outcome, `There is no command ...` included.
 */
export const startCommand = async (
  input: CommandTrainerInput,
  values: CommandValues,
  folder: string,
  options: CommandOptions,
): Promise<RunningCommand> => {
  const plan = dryRun(input, values, folder);
  const paths = pathsOf(folder);
  if (readStart(folder))
    throw new Error(`${folder} already has a run. Take that one up, or give another folder.`);
  if (!(await isEmpty(values.out)))
    throw new Error(
      `${values.out} is not empty: a model of an earlier run would count as this one's. Give a new folder.`,
    );
  await mkdir(paths.own, { recursive: true });
  await mkdir(values.out, { recursive: true });
  for (const { path, content } of plan.files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const start: CommandStart = {
    plan,
    extractors: CommandTrainer.parse(input).metrics,
    out: values.out,
    at: Date.now(),
    graceSeconds: options.graceSeconds ?? 20,
    mark: randomUUID(),
  };
  await writeJson(paths.start, start);
  const supervisor = spawn(process.execPath, [SUPERVISOR, folder], {
    cwd: folder,
    env: environmentOf(plan),
    detached: true,
    stdio: 'ignore',
  });
  await new Promise<void>((resolve, reject) => {
    supervisor.once('spawn', resolve);
    supervisor.once('error', reject);
  });
  supervisor.unref();
  return watched(folder, start, options, false);
};

/**
 * Takes a started command up again, after we ended or crashed: its metrics come once more, then what it wrote since. One
 * that ended meanwhile has its outcome at once; one that died with the machine is said to have died.
 *
 * @throws Error when nothing was started in the folder
 */
export const takeUpCommand = async (folder: string, options: CommandOptions): Promise<RunningCommand> => {
  const start = readStart(folder);
  if (!start) throw new Error(`Nothing was started in ${folder}: there is no ${OURS}/start.json.`);
  return watched(folder, start, options, true);
};
