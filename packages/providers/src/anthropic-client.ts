import { createAnthropic } from '@ai-sdk/anthropic';
import type { ProviderClient } from './client.ts';
import { type EndpointOptions, sdkClient } from './sdk-client.ts';

const VERSION = '2023-06-01';

/** Anthropic's Messages API. */
export const anthropicClient = (endpoint: EndpointOptions): ProviderClient => {
  // Without a key the SDK would look for one in the environment, which may be of another origin.
  const apiKey = endpoint.key ?? 'none';
  return sdkClient(endpoint, {
    model: (name, _, fetch) =>
      createAnthropic({ baseURL: endpoint.baseUrl, fetch, apiKey }).languageModel(name),
    headers: { 'x-api-key': apiKey, 'anthropic-version': VERSION },
  });
};
