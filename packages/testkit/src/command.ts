import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');
/** What runs the command for a user: any Node (>= 18), which starts ours. */
export const LAUNCHER = join(ROOT, 'scripts/flywheel.mjs');
const NODE = join(ROOT, 'node_modules/.bin/node');
const MAIN = join(ROOT, 'apps/cli/src/main.ts');

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** The last line of stdout as JSON; throws when it is none. */
  json: () => Record<string, unknown>;
}

export interface RunningCommand {
  child: ChildProcess;
  /** What it has written so far. */
  output: { stdout: string; stderr: string };
  /** Resolves once stdout and stderr together match. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>;
  finished: Promise<Finished>;
}

/** Starts `flywheel ARGS...` as a child process of its own, whose pid is the command's itself. */
export const startCommand = (args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand => {
  const child = spawn(NODE, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', ...env },
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of [...listeners]) listener();
    });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      const json = () =>
        JSON.parse(output.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
      resolve({ code, signal, ...output, json });
    });
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(output.stdout + output.stderr);
        if (!found) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      void finished.then(({ code }) =>
        reject(
          new Error(
            `flywheel ${args[0]} ended (${code}) and never said ${pattern}:\n${output.stdout}${output.stderr}`,
          ),
        ),
      );
      look();
    });
  return { child, output, says, finished };
};

/** Runs `flywheel ARGS...` to its end. */
export const runCommand = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
  startCommand(args, env).finished;
