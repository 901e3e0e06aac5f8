import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { ProviderClient } from './client.ts';
import { type EndpointOptions, sdkClient } from './sdk-client.ts';

/** Any OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp, OpenAI. */
export const openAiClient = (endpoint: EndpointOptions): ProviderClient => {
  const { baseUrl, key } = endpoint;
  return sdkClient(endpoint, {
    model: (name, dialect, fetch) =>
      createOpenAICompatible({
        name: 'endpoint',
        baseURL: baseUrl,
        supportsStructuredOutputs: true,
        includeUsage: true,
        fetch,
        transformRequestBody: ({ max_tokens, ...body }) =>
          dialect.newTokenLimit ? { ...body, max_completion_tokens: max_tokens } : { ...body, max_tokens },
        ...(key === null ? {} : { apiKey: key }),
      }).chatModel(name),
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
  });
};
