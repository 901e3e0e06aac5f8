/** A file that a success left. */
export interface OutputFile {
  path: string;
  bytes: number;
}

/** How a command ended. `says` and `remedy` are sentences for people; a success needs no remedy. */
export type CommandOutcome = { says: string; remedy: string; seconds: number } & (
  | { outcome: 'completed'; files: OutputFile[] }
  /** `exitCode` is null where a signal ended it, or where it never ran. */
  | { outcome: 'failed'; exitCode: number | null; signal: string | null; lastLines: string[] }
  | { outcome: 'stopped' }
  | { outcome: 'over-budget'; minutes: number }
  | { outcome: 'bad-output'; missing: { file: string; why: string }[] }
);

/** What the supervisor wrote when the command was gone. */
export interface CommandEnd {
  why: 'ended' | 'stopped' | 'over-budget' | 'not-started';
  exitCode: number | null;
  signal: string | null;
  /** Of `not-started`: what the system said, e.g. ENOENT, and whether the folder was there. */
  error: { code: string; message: string; cwdMissing: boolean } | null;
  /** Processes of the command that it left behind, and that were ended. */
  leftBehind: number;
  /** In milliseconds since 1970. */
  at: number;
}

interface Context {
  argv: readonly string[];
  cwd: string;
  /** Absolute, of the log. */
  log: string;
  minutes: number;
  seconds: number;
  lastLines: string[];
}

const HINTS: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [
    /CUDA out of memory|OutOfMemoryError/,
    () => 'The accelerator has too little memory: lower the batch size or the length, or train an adapter.',
  ],
  [
    /No module named '?([\w.]+)/,
    (m) =>
      `Python has no module ${m[1]}: install it where the command runs, or name that Python by its whole path.`,
  ],
  [
    /doesn't support bf16/,
    () => 'This device has no bf16: set "bf16: false", and "use_cpu: true" where there is no accelerator.',
  ],
  [
    /Failed to connect to Ray/,
    () => 'No cluster of Ray answers there: give its address in RAY_ADDRESS, e.g. http://127.0.0.1:8265.',
  ],
  [/No space left on device/, () => 'The disk is full: make room, and start again.'],
  [
    /401 Client Error|gated repo|GatedRepo/,
    () => 'The Hub refused the model: name HF_TOKEN among the secrets, and accept the terms of the model.',
  ],
];

const remedyOf = (signal: string | null, exitCode: number | null, { lastLines, log }: Context): string => {
  for (let i = lastLines.length - 1; i >= 0; i--)
    for (const [pattern, say] of HINTS) {
      const match = pattern.exec(lastLines[i] ?? '');
      if (match) return `${say(match)} The whole log is ${log}.`;
    }
  if (signal === 'SIGKILL' || exitCode === 137)
    return `Something killed it: often the system, for want of memory. Lower the batch size, or ask for more memory. The whole log is ${log}.`;
  return `Read its last lines; the whole log is ${log}.`;
};

/** The outcome of a command whose output needs no look: all but exit code 0. Null for exit code 0. */
export const outcomeOfEnd = (end: CommandEnd, context: Context): CommandOutcome | null => {
  const { argv, cwd, minutes, seconds, lastLines } = context;
  const program = argv[0] ?? '';
  switch (end.why) {
    case 'stopped':
      return {
        outcome: 'stopped',
        seconds,
        says: 'It was stopped.',
        remedy: 'Start it again when you want; checkpoints that it wrote are still in its output folder.',
      };
    case 'over-budget':
      return {
        outcome: 'over-budget',
        seconds,
        minutes,
        says: `It ran longer than its ${minutes} minutes, and was stopped.`,
        remedy: 'Raise the time budget, or lower the steps.',
      };
    case 'not-started': {
      const code = end.error?.code ?? '';
      const failed = { outcome: 'failed', seconds, exitCode: null, signal: null, lastLines } as const;
      if (end.error?.cwdMissing)
        return {
          ...failed,
          says: `The folder ${cwd}, where ${program} should run, is not there.`,
          remedy: 'Make that folder, or leave "cwd" out.',
        };
      if (code === 'ENOENT')
        return {
          ...failed,
          says: `There is no command ${program}.`,
          remedy: `Install it, or give its whole path, e.g. /home/me/venv/bin/${program.split('/').at(-1)}. If the file is there, the interpreter in its first line is not.`,
        };
      if (code === 'EACCES')
        return {
          ...failed,
          says: `${program} may not be run.`,
          remedy: `Make it executable (chmod +x), or start it with its interpreter: ["python", "${program}"].`,
        };
      return {
        ...failed,
        says: `${program} could not be started: ${end.error?.message ?? 'no reason given'}.`,
        remedy: 'Mend that, and start it again.',
      };
    }
    case 'ended':
      if (end.exitCode === 0) return null;
      return {
        outcome: 'failed',
        seconds,
        exitCode: end.exitCode,
        signal: end.signal,
        lastLines,
        says:
          end.signal === null
            ? `${program} ended with exit code ${end.exitCode}.`
            : `${program} was ended by ${end.signal}.`,
        remedy: remedyOf(end.signal, end.exitCode, context),
      };
  }
};

/** The outcome where even the process that watched over the command is gone. */
export const diedOutcome = (context: Context): CommandOutcome => ({
  outcome: 'failed',
  seconds: context.seconds,
  exitCode: null,
  signal: null,
  lastLines: context.lastLines,
  says: `${context.argv[0]} died with the machine, or was killed together with what watched over it; how it ended is not known.`,
  remedy: 'Start it again; checkpoints that it wrote are still in its output folder.',
});

/** The outcome after exit code 0. */
export const outputOutcome = (
  found: { files: OutputFile[]; missing: { file: string; why: string }[] },
  out: string,
  seconds: number,
): CommandOutcome =>
  found.missing.length === 0
    ? {
        outcome: 'completed',
        seconds,
        files: found.files,
        says: 'It is done, and its output can be read.',
        remedy: '',
      }
    : {
        outcome: 'bad-output',
        seconds,
        missing: found.missing,
        says: `It ended well, but ${found.missing.map((m) => `${m.file} ${m.why}`).join('; ')}.`,
        remedy: `See that the command writes its model to ${out} ({out}), or mend "expects".`,
      };
