import type { ChatFailureCause } from '@flywheel/domain/chat';

const RETRYABLE: ReadonlySet<ChatFailureCause> = new Set([
  'rate-limited',
  'overloaded',
  'server-error',
  'timeout',
  'network',
  'bad-response',
]);

/** Causes that lie in the set-up and not in one request: every other request will meet them, too. */
const SET_UP: ReadonlySet<ChatFailureCause> = new Set([
  'wrong-key',
  'no-such-model',
  'quota',
  'blocked-address',
]);

const RAW_LIMIT = 64 * 1024;

export interface FailureDetail {
  status?: number | null;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number | null;
  /** What the server said, at most 64 kB of it. */
  raw?: string | null;
  cause?: unknown;
}

/** Why a call gave no answer: what happened, and what to do about it. Never holds a key. */
export class ChatFailure extends Error {
  readonly failure: ChatFailureCause;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly raw: string | null;
  readonly remedy: string;

  constructor(failure: ChatFailureCause, message: string, remedy: string, detail: FailureDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = 'ChatFailure';
    this.failure = failure;
    this.remedy = remedy;
    this.status = detail.status ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
    this.raw = detail.raw?.slice(0, RAW_LIMIT) ?? null;
  }

  /** The same request may fare better a little later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.failure);
  }

  /** No request will fare better until someone changes the set-up. */
  get inSetUp(): boolean {
    return SET_UP.has(this.failure);
  }
}
