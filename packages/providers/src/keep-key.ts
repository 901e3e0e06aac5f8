import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';

const HIDDEN = '[key]';

/**
 * The client, with its key taken out of whatever comes back: an endpoint may repeat a request's headers in its refusal or
 * in its answer, and what it says is stored, shown and logged. Causes are dropped, as they hold whole responses.
 */
export const keepKey = (client: ProviderClient, key: string | null): ProviderClient => {
  if (key === null || key === '') return client;
  const without = (text: string): string => text.replaceAll(key, HIDDEN);
  const cleaned = (error: unknown): unknown =>
    error instanceof ChatFailure
      ? new ChatFailure(error.failure, without(error.message), without(error.remedy), {
          status: error.status,
          retryAfterMs: error.retryAfterMs,
          raw: error.raw === null ? null : without(error.raw),
        })
      : error;
  const guarded = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw cleaned(error);
    });
  return {
    complete: async (request, { signal, onText }) => {
      const told = onText && withoutKey(key, onText);
      const answer = await guarded(client.complete(request, { signal, onText: told?.tell }));
      told?.end();
      return { ...answer, text: without(answer.text) };
    },
    models: async (signal) => (await guarded(client.models(signal))).map(without),
    close: () => client.close(),
  };
};

/**
 * Tells a text without the key, however the pieces cut it: an end that may be the beginning of the key waits for what
 * follows. Told together, the pieces are the text that `replaceAll` gives.
 */
const withoutKey = (key: string, onText: (delta: string) => void) => {
  let held = '';
  const pass = (text: string): void => {
    if (text !== '') onText(text);
  };
  return {
    tell: (delta: string): void => {
      const parts = (held + delta).split(key);
      const rest = parts.pop() as string;
      let kept = Math.min(key.length - 1, rest.length);
      while (!key.startsWith(rest.slice(rest.length - kept))) kept--;
      held = rest.slice(rest.length - kept);
      pass([...parts, rest.slice(0, rest.length - kept)].join(HIDDEN));
    },
    end: (): void => pass(held),
  };
};
