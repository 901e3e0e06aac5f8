import { ChatFailure } from './chat-failure.ts';
import { classifyRefusal } from './classify.ts';
import type { Http } from './http.ts';
import { failureOf } from './sdk-failure.ts';

/** Names that `GET <base>/models` lists, in OpenAI's form, which Anthropic's shares. */
export const listModels = async (
  http: Http,
  baseUrl: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string[]> => {
  try {
    const response = await http.fetch(`${baseUrl.replace(/\/$/, '')}/models`, { headers, signal });
    const body = await response.text();
    // Some servers answer questions, but list no models.
    if (response.status === 404) return [];
    if (response.status !== 200)
      throw classifyRefusal({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body,
        origin: new URL(baseUrl).origin,
        model: 'models',
      });
    const { data } = JSON.parse(body) as { data?: unknown };
    if (!Array.isArray(data)) throw new Error('no list');
    return data.flatMap((m: { id?: unknown }) => (typeof m?.id === 'string' ? [m.id] : [])).sort();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof SyntaxError || (error instanceof Error && error.message === 'no list'))
      throw new ChatFailure(
        'bad-response',
        `${baseUrl}/models does not list models.`,
        'Check that the base URL ends as the server expects, e.g. in /v1.',
        { cause: error },
      );
    throw failureOf(error, baseUrl, 'models');
  }
};
