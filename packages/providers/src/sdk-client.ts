import type { LanguageModelV4, LanguageModelV4Usage } from '@ai-sdk/provider';
import {
  type ChatAnswer,
  type ChatFinish,
  type ChatRequest,
  type ChatUsage,
  estimateTokens,
} from '@flywheel/domain/chat';
import { ChatFailure } from './chat-failure.ts';
import type { CallOptions, ProviderClient } from './client.ts';
import { Http } from './http.ts';
import { listModels } from './list-models.ts';
import { failureOf } from './sdk-failure.ts';

type SdkCall = Parameters<LanguageModelV4['doGenerate']>[0];
type SdkFinish = Awaited<ReturnType<LanguageModelV4['doGenerate']>>['finishReason'];

export interface EndpointOptions {
  baseUrl: string;
  key: string | null;
  allowPrivate: boolean;
  /** Milliseconds that a call may take. */
  timeoutMs: number;
}

/** What an endpoint was found to want for one model, from its refusals. */
export interface Dialect {
  /** The limit of tokens goes by OpenAI's newer name: its reasoning models refuse the older one, most others the newer. */
  newTokenLimit: boolean;
  /** Schemas that it refused, as JSON. Another one may please it. */
  readonly refusedSchemas: Set<string>;
}

/** What tells the SDK's providers apart. */
export interface SdkSource {
  /** The lower layer of the SDK's model (docs/decisions/0010). Reads `dialect` at every call. */
  model(name: string, dialect: Dialect, fetch: Http['fetch']): LanguageModelV4;
  /** Headers for the list of models. */
  headers: Record<string, string>;
}

interface Spoken {
  model: LanguageModelV4;
  dialect: Dialect;
}

/** A client over one of the SDK's providers. Owns its connections and what it learns of each model's dialect. */
export const sdkClient = (endpoint: EndpointOptions, source: SdkSource): ProviderClient => {
  const http = new Http(endpoint);
  // Kept: to make a model is to build its schemas, which takes half of a call's processor time.
  const models = new Map<string, Spoken>();
  const spoken = (name: string): Spoken => {
    let known = models.get(name);
    if (!known) {
      const dialect = { newTokenLimit: false, refusedSchemas: new Set<string>() };
      known = { model: source.model(name, dialect, http.fetch), dialect };
      models.set(name, known);
    }
    return known;
  };
  return {
    complete: (request, options) => complete(endpoint, spoken(request.model), request, options),
    models: (signal) => listModels(http, endpoint.baseUrl, source.headers, signal),
    close: () => http.close(),
  };
};

/** One try of one question; again at once, in the endpoint's dialect, where that was why it was refused. */
const complete = async (
  endpoint: EndpointOptions,
  { model, dialect }: Spoken,
  request: ChatRequest,
  options: CallOptions,
): Promise<ChatAnswer> => {
  const schema = request.schema && JSON.stringify(request.schema);
  for (;;) {
    const newTokenLimit = dialect.newTokenLimit;
    const withSchema = schema !== null && !dialect.refusedSchemas.has(schema);
    try {
      return await tryOnce(endpoint, model, request, options, withSchema);
    } catch (error) {
      if (!(error instanceof ChatFailure) || error.failure !== 'refused-request') throw error;
      const said = error.raw ?? '';
      // Compared with what this call was sent with: another one may have learnt the same meanwhile.
      if (!newTokenLimit && said.includes('max_completion_tokens')) dialect.newTokenLimit = true;
      else if (withSchema && ABOUT_SCHEMA.test(said)) dialect.refusedSchemas.add(schema);
      else throw error;
    }
  }
};

const ABOUT_SCHEMA =
  /response_format|json_schema|output_config|output_format|structured|guided|schema|grammar/i;

const tryOnce = async (
  { baseUrl, timeoutMs }: EndpointOptions,
  model: LanguageModelV4,
  request: ChatRequest,
  { signal, onText }: CallOptions,
  withSchema: boolean,
): Promise<ChatAnswer> => {
  const began = performance.now();
  // A timer of its own: a call that hangs anywhere, in its headers or in its body, ends.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const stop = (): void => timeout.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const call = callOf(request, withSchema, timeout.signal);
    const told = onText ? await streamed(model, call, onText) : await whole(model, call);
    return {
      text: told.text,
      finish: finishOf(told.finish),
      usage: usageOf(told.usage, request, told.text),
      modelMs: performance.now() - began,
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (timeout.signal.aborted)
      throw new ChatFailure(
        'timeout',
        `No answer within ${timeoutMs / 1_000} s.`,
        'Raise the time limit of the provider, ask for fewer tokens, or lower the concurrency.',
        { cause: error },
      );
    throw failureOf(error, baseUrl, request.model);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
};

const callOf = (request: ChatRequest, withSchema: boolean, abortSignal: AbortSignal): SdkCall => {
  const { temperature, topP, maxTokens, seed } = request.params;
  return {
    prompt: request.messages.map((m) =>
      m.role === 'system'
        ? { role: 'system', content: m.content }
        : { role: m.role, content: [{ type: 'text', text: m.content }] },
    ),
    maxOutputTokens: maxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(withSchema && request.schema
      ? { responseFormat: { type: 'json', schema: request.schema, name: 'verdict' } as const }
      : {}),
    abortSignal,
  };
};

interface Told {
  text: string;
  finish: SdkFinish;
  usage: LanguageModelV4Usage | null;
}

const whole = async (model: LanguageModelV4, call: SdkCall): Promise<Told> => {
  const { content, finishReason, usage } = await model.doGenerate(call);
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { text, finish: finishReason, usage };
};

const streamed = async (
  model: LanguageModelV4,
  call: SdkCall,
  onText: (delta: string) => void,
): Promise<Told> => {
  const { stream } = await model.doStream(call);
  const told: Told = { text: '', finish: { unified: 'other', raw: undefined }, usage: null };
  let ended = false;
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      told.text += part.delta;
      onText(part.delta);
    } else if (part.type === 'finish') {
      ended = true;
      told.finish = part.finishReason;
      told.usage = part.usage;
    } else if (part.type === 'error') throw part.error;
  }
  if (!ended || told.finish.unified === 'interrupted')
    throw new Error('The stream ended before the answer did.');
  return told;
};

const finishOf = ({ unified, raw }: SdkFinish): ChatFinish => {
  if (unified === 'stop' || unified === 'length') return unified;
  return unified === 'content-filter' || raw === 'refusal' ? 'refusal' : 'other';
};

/** The provider's counts where they can be true, else counted from the text. */
const usageOf = (usage: LanguageModelV4Usage | null, request: ChatRequest, text: string): ChatUsage => {
  const input = usage?.inputTokens.total;
  const output = usage?.outputTokens.total;
  const sound = (n: number | undefined, most: number): n is number =>
    n !== undefined && Number.isSafeInteger(n) && n >= 0 && n <= most;
  const letters = request.messages.reduce((sum, m) => sum + m.content.length, 0);
  // No token is longer than a text, and a chat's template adds little: more than that was not counted.
  if (
    sound(input, 4 * letters + 2_000) &&
    input > 0 &&
    sound(output, Math.max(request.params.maxTokens * 4, 100_000))
  )
    return { input, output, estimated: false };
  return {
    input: request.messages.reduce((sum, m) => sum + estimateTokens(m.content), 0),
    output: estimateTokens(text),
    estimated: true,
  };
};
