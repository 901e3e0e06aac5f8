import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that no later one of the same number is taken for. */
export interface ProcessMark {
  pid: number;
  /** When it began: the boot and its clock ticks on Linux (proc(5), field 22 of `stat`), else what `ps` says. */
  began: string;
}

const attempt = <T>(act: () => T): T | null => {
  try {
    return act();
  } catch {
    return null;
  }
};

const LINUX = process.platform === 'linux';

/** The mark of a running process, or null when there is none, or only its unburied remains. */
export const markOf = (pid: number): ProcessMark | null => {
  if (!LINUX) {
    const began = attempt(() =>
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }),
    );
    return began?.trim() ? { pid, began: began.trim() } : null;
  }
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name, in brackets, may hold blanks and brackets itself.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return null;
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '';
  return { pid, began: `${boot}:${fields[19]}` };
};

export const isAlive = (mark: ProcessMark): boolean => markOf(mark.pid)?.began === mark.began;

/** The variable that marks all that a command starts, whatever group or session it moves to. */
export const MARK_VARIABLE = 'FLYWHEEL_COMMAND';

/** Running processes whose environment carries the mark (Linux; elsewhere none are found). */
const marked = (mark: string): number[] => {
  if (!LINUX) return [];
  const wanted = `${MARK_VARIABLE}=${mark}`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const environment = attempt(() => readFileSync(`/proc/${name}/environ`, 'latin1'));
    return environment?.split('\0').includes(wanted) && markOf(Number(name)) ? [Number(name)] : [];
  });
};

/** The processes that are left of a command: those of its group, and those with its mark that left the group. */
export const remaining = (group: number, mark: string): number[] => {
  const found = new Set(marked(mark));
  if (!LINUX && attempt(() => process.kill(-group, 0))) found.add(group);
  if (LINUX)
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = attempt(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields && fields[0] !== 'Z' && fields[0] !== 'X' && Number(fields[2]) === group)
        found.add(Number(name));
    }
  return [...found];
};

/** Signals the group, and for SIGKILL also what left it: torchrun's workers have sessions of their own. */
export const signalCommand = (group: number, mark: string, signal: 'SIGTERM' | 'SIGKILL'): void => {
  const others = signal === 'SIGKILL' ? remaining(group, mark) : [];
  attempt(() => process.kill(-group, signal));
  for (const pid of others) attempt(() => process.kill(pid, signal));
};

/**
 * Kills what is left of a command of which nobody knows whether its group's number is another's by now, and waits until it
 * is gone, for five seconds at most.
 */
export const killOrphans = async (command: ProcessMark, mark: string): Promise<void> => {
  for (let i = 0; i < 100; i++) {
    const leads = isAlive(command);
    if (leads) signalCommand(command.pid, mark, 'SIGKILL');
    const others = marked(mark);
    for (const pid of others) attempt(() => process.kill(pid, 'SIGKILL'));
    if (!leads && others.length === 0) return;
    await wait(50);
  }
};
