import type { ChatFailureCause } from '@flywheel/domain/chat';
import { ChatFailure } from './chat-failure.ts';

/** A server's refusal, as it came. */
export interface Refusal {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  origin: string;
  model: string;
}

const CONTEXT =
  /context.?(length|size|window)|maximum context|too many tokens|prompt is too long|max.?tokens.*exceed|reduce the length/i;
const QUOTA = /insufficient.?quota|exceeded your current quota|billing|credit balance|payment/i;
const MODEL = /\bmodel\b.{0,200}(not found|not exist|is unknown)|no such model|unknown model/is;

/** What an HTTP status and its body mean. The words of OpenAI, Anthropic, vLLM, llama.cpp and Ollama are known. */
export const classifyRefusal = (refusal: Refusal): ChatFailure => {
  const { status, headers, body, origin, model } = refusal;
  const said = sentenceOf(body);
  const detail = { status, retryAfterMs: retryAfter(headers), raw: body };
  const make = (cause: ChatFailureCause, what: string, remedy: string): ChatFailure =>
    new ChatFailure(cause, said ? `${what} It said: ${said}` : what, remedy, detail);
  if (status >= 300 && status < 400)
    return make(
      'blocked-address',
      `${origin} redirects to ${originOf(headers.location) ?? 'another place'}, which is not followed.`,
      'Enter the address that it redirects to as the base URL, if you trust it.',
    );
  if (QUOTA.test(body) && (status === 402 || status === 429 || status === 403 || status === 400))
    return make(
      'quota',
      `${origin} says that the account's quota is used up.`,
      'Add credit there, then resume.',
    );
  if (status === 429)
    return make(
      'rate-limited',
      `${origin} limits the rate of calls.`,
      'Lower the concurrency if this goes on.',
    );
  if (status === 401 || status === 403)
    return make('wrong-key', `${origin} refused the key (${status}).`, 'Save the right key in Settings.');
  if (status === 404 || (status === 400 && MODEL.test(body)))
    return make(
      'no-such-model',
      `${origin} does not know the model "${model}" at this address (${status}).`,
      'Choose a model that Settings lists, and check that the base URL ends as the server expects, e.g. in /v1.',
    );
  if ((status === 400 || status === 413 || status === 422) && CONTEXT.test(body))
    return make(
      'context-too-long',
      'The prompt and the longest answer do not fit into the context of the model.',
      'Shorten the template, ask for fewer examples or tokens, or choose a model with a larger context.',
    );
  if (status === 529 || status === 503)
    return make('overloaded', `${origin} is overloaded (${status}).`, 'Wait, or lower the concurrency.');
  if (status === 408 || status === 504)
    return make('timeout', `${origin} gave up waiting (${status}).`, 'Wait, or lower the concurrency.');
  if (status >= 500)
    return make('server-error', `${origin} failed (${status}).`, 'Look into the log of that server.');
  return make(
    'refused-request',
    `${origin} refused the request (${status}).`,
    'See its answer for what it does not like.',
  );
};

const originOf = (url: string | undefined): string | null => {
  try {
    return url === undefined ? null : new URL(url).origin;
  } catch {
    return null;
  }
};

/** Milliseconds to wait, from `retry-after-ms`, or `retry-after` in seconds or as an HTTP date; null where neither is there. */
export const retryAfter = (headers: Refusal['headers'], now = Date.now()): number | null => {
  const ms = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] !== undefined && Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};

/** The message in an error's JSON, or the start of its text; empty where there is nothing to read. */
const sentenceOf = (body: string): string => {
  try {
    const json = JSON.parse(body) as { error?: { message?: unknown } | string; message?: unknown };
    const error = json?.error;
    const message = typeof error === 'object' ? error?.message : (error ?? json?.message);
    if (typeof message === 'string') return clipped(message);
  } catch {
    // Not JSON: a proxy's page, or nothing.
  }
  return body.trimStart().startsWith('<') ? '' : clipped(body);
};

const clipped = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
};
