import { QueryError } from '@flywheel/domain/query/parse';
import { IllegalTransition } from '@flywheel/domain/run';
import { ChatFailure } from '@flywheel/providers/chat-failure';
import { GaveUp } from '@flywheel/providers/desk';
import { NotFoundError } from '@flywheel/runs/run-error';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

/**
 * Something that the caller can mend; its message names place and remedy and may be shown. A remedy that is given apart can
 * be shown apart: the message is both.
 */
export class UserError extends Error {
  readonly code: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT';
  /** The message without its remedy. */
  readonly what: string;
  readonly remedy: string;

  constructor(
    message: string,
    code: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT' = 'BAD_REQUEST',
    { remedy = '', ...options }: ErrorOptions & { remedy?: string } = {},
  ) {
    super(remedy === '' ? message : `${message} ${remedy}`, options);
    this.name = 'UserError';
    this.code = code;
    this.what = message;
    this.remedy = remedy;
  }
}

export interface Explained {
  code: TRPCError['code'];
  message: string;
  /** A fault of ours: the caller gets no details, the log does. */
  unforeseen: boolean;
}

/** Error classes of our packages whose messages are written for the user, by name (packages do not import the server). */
const SPEAKING =
  /^(Sql|Mapping|Read|Import|Export|Store|Input|Query|User|Review|Run|Selection|Slice|Tag|Refused|Timeout|Template)\w*Error$/;

/** Faults of the machine that its user can mend, by `code`; their own messages would name paths. */
const MACHINE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, then try again.',
  EDQUOT: 'The disk quota is used up. Free some space, then try again.',
  EROFS: 'The disk can only be read. Use another --home, or mount it for writing.',
  EACCES: 'A file or folder may not be opened. Check its permissions.',
  EPERM: 'A file or folder may not be opened. Check its permissions.',
  ENOENT: 'A file is no longer there. Check its path, then try again.',
  EMFILE: 'Too many files are open. Raise `ulimit -n`, then start Flywheel again.',
};

/** The one place where errors turn into what a client may see. */
export const explain = (error: unknown): Explained => {
  if (error instanceof TRPCError) {
    if (error.cause && !(error.cause instanceof TRPCError) && error.code === 'INTERNAL_SERVER_ERROR')
      return explain(error.cause);
    if (error.cause instanceof ZodError)
      return { code: 'BAD_REQUEST', message: issues(error.cause), unforeseen: false };
    return { code: error.code, message: error.message, unforeseen: false };
  }
  if (error instanceof UserError) return { code: error.code, message: error.message, unforeseen: false };
  if (error instanceof QueryError) return { code: 'BAD_REQUEST', message: error.message, unforeseen: false };
  if (error instanceof GaveUp) return explain(error.failure);
  if (error instanceof ChatFailure)
    return { code: 'BAD_REQUEST', message: `${error.message} ${error.remedy}`, unforeseen: false };
  if (error instanceof IllegalTransition)
    return { code: 'CONFLICT', message: error.message, unforeseen: false };
  if (error instanceof ZodError) return { code: 'BAD_REQUEST', message: issues(error), unforeseen: false };
  if (error instanceof NotFoundError) return { code: 'NOT_FOUND', message: error.message, unforeseen: false };
  if (error instanceof Error && SPEAKING.test(error.name))
    return { code: 'BAD_REQUEST', message: error.message, unforeseen: false };
  const machine = MACHINE[(error as NodeJS.ErrnoException | null)?.code ?? fullDisk(error)];
  if (machine !== undefined) return { code: 'INTERNAL_SERVER_ERROR', message: machine, unforeseen: true };
  return {
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Flywheel failed here; the reason is in the terminal that runs the server.',
    unforeseen: true,
  };
};

/** DuckDB's errors have no code. */
const fullDisk = (error: unknown): string => (/No space left on device/.test(String(error)) ? 'ENOSPC' : '');

const issues = (error: ZodError): string =>
  error.issues.map((i) => `${i.path.join('.') || 'input'}: ${i.message}`).join('\n');
