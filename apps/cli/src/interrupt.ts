/** The user stopped the command; the shell's exit code for that is 130. */
export class InterruptedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InterruptedError';
  }
}

/** One Ctrl-C arrives twice: from the terminal, and from the launcher that passes it on. */
const ECHO_MS = 1_000;

/** Calls `stop` on the first Ctrl-C (or SIGTERM); a second one gives up at once. Returns how to stop listening. */
export const onInterrupt = (stop: () => void): (() => void) => {
  let first: number | null = null;
  const heard = (): void => {
    if (first === null) {
      first = Date.now();
      stop();
    } else if (Date.now() - first > ECHO_MS) process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, heard);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, heard);
  };
};
