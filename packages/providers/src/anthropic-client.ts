import { createAnthropic } from '@ai-sdk/anthropic';
import type { ProviderClient } from './client.ts';
import { Http } from './http.ts';
import { listModels } from './list-models.ts';
import type { EndpointOptions } from './openai-client.ts';
import { completeWith } from './sdk-client.ts';

const VERSION = '2023-06-01';

/** Anthropic's Messages API. */
export const anthropicClient = (options: EndpointOptions): ProviderClient => {
  const { baseUrl, key, timeoutMs } = options;
  const http = new Http({ ...options, connections: options.concurrency });
  // Without a key the SDK would look for one in the environment, which may be of another origin.
  const provider = createAnthropic({ baseURL: baseUrl, fetch: http.fetch, apiKey: key ?? 'none' });
  const withoutSchema = new Set<string>();
  return {
    complete: (request, call) =>
      completeWith(
        {
          baseUrl,
          timeoutMs,
          model: (name) => provider.languageModel(name),
          takesSchema: (name) => !withoutSchema.has(name),
          refusedSchema: (name) => withoutSchema.add(name),
        },
        request,
        call,
      ),
    models: (signal) =>
      listModels(http, baseUrl, { 'x-api-key': key ?? 'none', 'anthropic-version': VERSION }, signal),
    close: () => http.close(),
  };
};
