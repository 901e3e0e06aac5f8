import { APICallError } from '@ai-sdk/provider';
import { ChatFailure } from './chat-failure.ts';
import { classifyRefusal } from './classify.ts';

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
  if (code?.startsWith('UND_ERR_') && code.endsWith('_TIMEOUT'))
    return new ChatFailure(
      'timeout',
      `${origin} did not answer in time.`,
      'Look whether that server is busy or hangs, or raise the time limit of the provider.',
      { cause: error },
    );
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
