import { APICallError, type LanguageModelV4, type LanguageModelV4Usage } from '@ai-sdk/provider';
import {
  type ChatAnswer,
  type ChatFinish,
  type ChatRequest,
  type ChatUsage,
  estimateTokens,
} from '@flywheel/domain/chat';
import { ChatFailure } from './chat-failure.ts';
import { classifyRefusal } from './classify.ts';
import type { CallOptions } from './client.ts';

type SdkCall = Parameters<LanguageModelV4['doGenerate']>[0];
type SdkFinish = Awaited<ReturnType<LanguageModelV4['doGenerate']>>['finishReason'];

/** What the SDK's providers have in common: their models' lower layer (docs/decisions/0010). */
export interface SdkSource {
  baseUrl: string;
  timeoutMs: number;
  model(name: string): LanguageModelV4;
  /** Whether this model was found to take a schema; those that refused one are asked without. */
  takesSchema(name: string): boolean;
  refusedSchema(name: string): void;
}

/** One try of one question. */
export const completeWith = async (
  source: SdkSource,
  request: ChatRequest,
  options: CallOptions,
): Promise<ChatAnswer> => {
  const withSchema = request.schema !== null && source.takesSchema(request.model);
  try {
    return await tryOnce(source, request, options, withSchema);
  } catch (error) {
    if (!withSchema || !(error instanceof ChatFailure) || !refusesSchema(error)) throw error;
    source.refusedSchema(request.model);
    return tryOnce(source, request, options, false);
  }
};

const refusesSchema = (error: ChatFailure): boolean =>
  error.failure === 'refused-request' &&
  /response_format|json_schema|output_config|output_format|structured|guided|schema/i.test(error.raw ?? '');

const tryOnce = async (
  source: SdkSource,
  request: ChatRequest,
  { signal, onText }: CallOptions,
  withSchema: boolean,
): Promise<ChatAnswer> => {
  const began = performance.now();
  // A timer of its own: a call that hangs anywhere, in its headers or in its body, ends.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), source.timeoutMs);
  const stop = (): void => timeout.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const call = callOf(request, withSchema, timeout.signal);
    const model = source.model(request.model);
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
        `No answer within ${source.timeoutMs / 1_000} s.`,
        'Raise the time limit of the provider, ask for fewer tokens, or lower the concurrency.',
        { cause: error },
      );
    throw failureOf(error, source.baseUrl, request.model);
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

/** Whatever the SDK or the socket threw, as a failure of ours. */
export const failureOf = (error: unknown, baseUrl: string, model: string): ChatFailure => {
  for (
    let inner: unknown = error, depth = 0;
    inner instanceof Error && depth < 6;
    inner = inner.cause, depth++
  )
    if (inner instanceof ChatFailure) return inner;
  const origin = new URL(baseUrl).origin;
  if (APICallError.isInstance(error)) {
    const { statusCode, responseHeaders = {}, responseBody = '' } = error;
    if (statusCode !== undefined && (statusCode < 200 || statusCode >= 300))
      return classifyRefusal({
        status: statusCode,
        headers: responseHeaders,
        body: responseBody,
        origin,
        model,
      });
    if (statusCode !== undefined && codeOf(error) === undefined)
      return new ChatFailure(
        'bad-response',
        `The answer of ${origin} is not what its protocol says.`,
        'Check that the base URL is that of an API of this kind, e.g. that it ends in /v1.',
        { status: statusCode, raw: responseBody, cause: error },
      );
  }
  const code = codeOf(error);
  const what =
    code === 'ECONNREFUSED'
      ? `Nothing listens at ${origin}.`
      : code === 'ENOTFOUND'
        ? `There is no such host as ${new URL(baseUrl).hostname}.`
        : `The connection to ${origin} broke (${code ?? messageOf(error)}).`;
  return new ChatFailure('network', what, 'Start the server, or mend its address in Settings.', {
    cause: error,
  });
};

const codeOf = (error: unknown): string | undefined => {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth++) {
    const { code } = inner as Error & { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
