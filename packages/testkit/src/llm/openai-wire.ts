import { type EndpointError, type Finish, pieces, type Reply, type Wire } from './wire.ts';

// Formats: OpenAI API reference, "Chat completions", "Streaming", "Error codes", as of 2026.

/** Of one moment, so that equal calls have equal answers but for their ids. */
const CREATED = 1_700_000_000;

const ERRORS: {
  [error in EndpointError]: [status: number, type: string, code: string | null, words: string];
} = {
  'bad-request': [400, 'invalid_request_error', null, 'The request could not be read.'],
  'wrong-key': [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  quota: [
    429,
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  'unknown-model': [
    404,
    'invalid_request_error',
    'model_not_found',
    'The model does not exist or you do not have access to it.',
  ],
  'unknown-path': [404, 'invalid_request_error', 'unknown_url', 'Unknown request URL.'],
  'context-length': [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is exceeded. Please reduce the length of the messages.",
  ],
  'rate-limit': [429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'],
  'server-error': [500, 'server_error', null, 'The server had an error while processing your request.'],
  unavailable: [503, 'server_error', null, 'The engine is currently overloaded, please try again later.'],
  overloaded: [529, 'server_error', null, 'The server is overloaded.'],
};

const errorBody = (error: EndpointError, detail: string | null): string => {
  const [, type, code, words] = ERRORS[error];
  const param = error === 'context-length' ? 'messages' : null;
  return JSON.stringify({ error: { message: detail ?? words, type, param, code } });
};

/** A refusal keeps `stop`: what marks it is the `refusal` field. */
const FINISH: { [finish in Finish]: string } = { stop: 'stop', length: 'length', refusal: 'stop' };

const usageOf = ({ usage }: Reply): string =>
  usage === null
    ? 'null'
    : `{"prompt_tokens":${usage.input},"completion_tokens":${usage.output},"total_tokens":${usage.input + usage.output}}`;

const head = (reply: Reply, object: string): string =>
  `{"id":"chatcmpl-stub${reply.call}","object":"${object}","created":${CREATED},"model":${JSON.stringify(reply.model)},`;

const body = (reply: Reply): string => {
  const said = JSON.stringify(reply.text);
  const refused = reply.finish === 'refusal';
  const message = `{"role":"assistant","content":${refused ? 'null' : said},"refusal":${refused ? said : 'null'}}`;
  const choice = `{"index":0,"message":${message},"logprobs":null,"finish_reason":"${FINISH[reply.finish]}"}`;
  const usage = reply.usage === null ? '' : `,"usage":${usageOf(reply)}`;
  return `${head(reply, 'chat.completion')}"choices":[${choice}]${usage}}`;
};

const events = (reply: Reply): string[] => {
  const start = head(reply, 'chat.completion.chunk');
  // With include_usage every chunk has the field, null in all but the last (API reference, stream_options).
  const none = reply.streamUsage && reply.usage !== null ? ',"usage":null' : '';
  const chunk = (delta: string, finish: string): string =>
    `data: ${start}"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${none}}\n\n`;
  const field = reply.finish === 'refusal' ? 'refusal' : 'content';
  return [
    chunk('{"role":"assistant","content":"","refusal":null}', 'null'),
    ...pieces(reply.text, reply.chunks).map((piece) =>
      chunk(`{"${field}":${JSON.stringify(piece)}}`, 'null'),
    ),
    chunk('{}', `"${FINISH[reply.finish]}"`),
    ...(reply.streamUsage && reply.usage !== null
      ? [`data: ${start}"choices":[],"usage":${usageOf(reply)}}\n\n`]
      : []),
    'data: [DONE]\n\n',
  ];
};

/** OpenAI's chat completions, as vLLM, Ollama and llama.cpp also speak them. */
export const openaiWire: Wire = {
  idHeader: 'x-request-id',
  body,
  events,
  error: (error, detail) => ({ status: ERRORS[error][0], body: errorBody(error, detail) }),
  errorEvent: (error) => `data: ${errorBody(error, null)}\n\n`,
  models: (ids) =>
    JSON.stringify({
      object: 'list',
      data: ids.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'stub' })),
    }),
};
