import type { ChatAnswer, ChatRequest } from '@flywheel/domain/chat';

export interface CallOptions {
  signal: AbortSignal;
  /** Given, the answer is streamed, and each piece of its text told as it comes. */
  onText?: ((delta: string) => void) | undefined;
}

/**
 * One endpoint, one try: no cache, no retry, no limit. Whatever goes wrong is a {@link ChatFailure}, save the signal's own
 * reason when it was aborted.
 */
export interface ProviderClient {
  complete(request: ChatRequest, options: CallOptions): Promise<ChatAnswer>;
  /** Names of the models that the endpoint offers; empty where it does not say. */
  models(signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}
