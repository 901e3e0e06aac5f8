import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { ProviderClient } from './client.ts';
import { Http } from './http.ts';
import { listModels } from './list-models.ts';
import { completeWith } from './sdk-client.ts';

export interface EndpointOptions {
  baseUrl: string;
  key: string | null;
  allowPrivate: boolean;
  timeoutMs: number;
  concurrency: number;
}

/** Any OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp, OpenAI. */
export const openAiClient = (options: EndpointOptions): ProviderClient => {
  const { baseUrl, key, timeoutMs } = options;
  const http = new Http({ ...options, connections: options.concurrency });
  const provider = createOpenAICompatible({
    name: 'endpoint',
    baseURL: baseUrl,
    supportsStructuredOutputs: true,
    includeUsage: true,
    fetch: http.fetch,
    ...(key === null ? {} : { apiKey: key }),
  });
  const withoutSchema = new Set<string>();
  return {
    complete: (request, call) =>
      completeWith(
        {
          baseUrl,
          timeoutMs,
          model: (name) => provider.chatModel(name),
          takesSchema: (name) => !withoutSchema.has(name),
          refusedSchema: (name) => withoutSchema.add(name),
        },
        request,
        call,
      ),
    models: (signal) =>
      listModels(http, baseUrl, key === null ? {} : { authorization: `Bearer ${key}` }, signal),
    close: () => http.close(),
  };
};
