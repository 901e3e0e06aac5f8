import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DryRun } from './dry-run.ts';
import type { CommandEnd } from './outcome.ts';
import type { ProcessMark } from './processes.node.ts';

/** What was started, written before anything runs. No secret is in it. */
export interface CommandStart {
  plan: DryRun;
  extractors: unknown;
  out: string;
  /** In milliseconds since 1970. */
  at: number;
  /** Between SIGTERM and SIGKILL. */
  graceSeconds: number;
  /** Stands in the environment of the command and of all that it starts. */
  mark: string;
}

/** Who runs it; `command` comes when it does. */
export interface CommandProcesses {
  supervisor: ProcessMark;
  command: ProcessMark | null;
}

/** Ours inside a run's folder; the rest is the trainer's. */
export const OURS = 'command';

export const pathsOf = (folder: string) => {
  const own = join(folder, OURS);
  return {
    own,
    start: join(own, 'start.json'),
    processes: join(own, 'processes.json'),
    end: join(own, 'end.json'),
    log: join(own, 'log.txt'),
    metrics: join(own, 'metrics.jsonl'),
  };
};

/** Whole or not at all, even when the process is killed meanwhile. */
export const writeJson = async (path: string, value: unknown): Promise<void> => {
  await writeFile(`${path}.part`, JSON.stringify(value, null, 2));
  await rename(`${path}.part`, path);
};

const readJson = <T>(path: string): T | null =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;

export const readStart = (folder: string): CommandStart | null => readJson(pathsOf(folder).start);
export const readProcesses = (folder: string): CommandProcesses | null => readJson(pathsOf(folder).processes);
export const readEnd = (folder: string): CommandEnd | null => readJson(pathsOf(folder).end);
