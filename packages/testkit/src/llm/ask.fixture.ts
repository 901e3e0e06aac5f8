import type { StubLlm } from './stub-options.ts';

export interface Asked {
  status: number;
  headers: Headers;
  text: string;
  json: any;
  /** Milliseconds until the body was whole. */
  ms: number;
}

/** Asks as a vendor's client would, with plain fetch, and reads the whole answer. */
export const ask = async (
  { url }: Pick<StubLlm, 'url'>,
  vendor: 'openai' | 'anthropic',
  prompt: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Asked> => {
  const path = vendor === 'openai' ? 'chat/completions' : 'messages';
  const limit = vendor === 'openai' ? {} : { max_tokens: 1024 };
  const version: Record<string, string> = vendor === 'openai' ? {} : { 'anthropic-version': '2023-06-01' };
  const start = performance.now();
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...version, ...headers },
    body: JSON.stringify({
      model: 'stub-1',
      ...limit,
      messages: [{ role: 'user', content: prompt }],
      ...more,
    }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const ms = performance.now() - start;
  const json = text.startsWith('{') ? safeJson(text) : null;
  return { status: response.status, headers: response.headers, text, json, ms };
};

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The data of a stream's events, in order; `[DONE]` stays as it is. */
export const eventsOf = (stream: string): any[] =>
  stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)));
