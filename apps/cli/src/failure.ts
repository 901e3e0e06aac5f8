import { InterruptedError } from './interrupt.ts';

export interface Failure {
  /** null: it was said already. */
  message: string | null;
  code: 0 | 1 | 2 | 130;
}

const WENT_AWAY =
  'The server that holds the workspace gave no answer. If it was stopped, run this again: what was done is kept.';

/** What to say of an error on stderr, and the exit code that it ends with. */
export const failureOf = async (error: unknown): Promise<Failure> => {
  const { code, exitCode } = error as { code?: unknown; exitCode?: unknown };
  if (typeof code === 'string' && code.startsWith('commander.'))
    return { message: null, code: exitCode === 0 ? 0 : 2 };
  if (error instanceof InterruptedError) return { message: error.message, code: 130 };
  const { TRPCClientError } = await import('@trpc/client');
  if (error instanceof TRPCClientError) {
    // No answer at all, as against an answer that is an error.
    if (error.shape === undefined) return { message: WENT_AWAY, code: 1 };
    // The server has explained it; what it keeps to itself is in its own terminal.
    return { message: error.message, code: 1 };
  }
  const { explain } = await import('@flywheel/server/errors');
  const { message, unforeseen } = explain(error);
  return { message: unforeseen && error instanceof Error ? error.message : message, code: 1 };
};
