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
    complete: async (request, options) => {
      const answer = await guarded(client.complete(request, options));
      return { ...answer, text: without(answer.text) };
    },
    models: async (signal) => (await guarded(client.models(signal))).map(without),
    close: () => client.close(),
  };
};
