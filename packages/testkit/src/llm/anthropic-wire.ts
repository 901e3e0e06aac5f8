import { type EndpointError, type Finish, pieces, type Reply, type Wire } from './wire.ts';

// Formats: Claude API reference, "Messages", "Streaming", "Errors", "Structured outputs", as of 2026.

const ERRORS: { [error in EndpointError]: [status: number, type: string, words: string] } = {
  'bad-request': [400, 'invalid_request_error', 'The request could not be read.'],
  'wrong-key': [401, 'authentication_error', 'invalid x-api-key'],
  quota: [402, 'billing_error', 'Your credit balance is too low to access the Anthropic API.'],
  'unknown-model': [404, 'not_found_error', 'model: not found'],
  'unknown-path': [404, 'not_found_error', 'Not Found'],
  'context-length': [400, 'invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum'],
  'rate-limit': [429, 'rate_limit_error', "This request would exceed your organization's rate limit."],
  'server-error': [500, 'api_error', 'Internal server error'],
  unavailable: [503, 'api_error', 'Service unavailable'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
};

const errorBody = (error: EndpointError, detail: string | null): string => {
  const [, type, words] = ERRORS[error];
  return JSON.stringify({ type: 'error', error: { type, message: detail ?? words }, request_id: 'req_stub' });
};

const STOP: { [finish in Finish]: string } = { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal' };

const refusalDetails = (reply: Reply): string =>
  `{"type":"refusal","category":"other","explanation":${JSON.stringify(reply.text)}}`;

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** A tool's input is always an object: what is none (a cut answer, too) is said as text instead. */
const viaTool = (reply: Reply): string | null =>
  reply.tool !== null && reply.finish !== 'refusal' && isObject(reply.text) ? reply.tool : null;

const stopReason = (reply: Reply): string =>
  reply.finish === 'stop' && viaTool(reply) !== null ? 'tool_use' : STOP[reply.finish];

const head = (reply: Reply): string =>
  `"id":"msg_stub${reply.call}","type":"message","role":"assistant","model":${JSON.stringify(reply.model)}`;

const body = (reply: Reply): string => {
  const tool = viaTool(reply);
  const block =
    reply.finish === 'refusal'
      ? ''
      : tool === null
        ? `{"type":"text","text":${JSON.stringify(reply.text)}}`
        : `{"type":"tool_use","id":"toolu_stub${reply.call}","name":${JSON.stringify(tool)},"input":${reply.text}}`;
  const details = reply.finish === 'refusal' ? `,"stop_details":${refusalDetails(reply)}` : '';
  const usage =
    reply.usage === null
      ? ''
      : `,"usage":{"input_tokens":${reply.usage.input},"output_tokens":${reply.usage.output}}`;
  return `{${head(reply)},"content":[${block}],"stop_reason":"${stopReason(reply)}","stop_sequence":null${details}${usage}}`;
};

const event = (type: string, rest: string): string =>
  `event: ${type}\ndata: {"type":"${type}"${rest === '' ? '' : `,${rest}`}}\n\n`;

const blockEvents = (reply: Reply): string[] => {
  const tool = viaTool(reply);
  const block =
    tool === null
      ? '{"type":"text","text":""}'
      : `{"type":"tool_use","id":"toolu_stub${reply.call}","name":${JSON.stringify(tool)},"input":{}}`;
  const delta = (piece: string): string =>
    tool === null
      ? `{"type":"text_delta","text":${JSON.stringify(piece)}}`
      : `{"type":"input_json_delta","partial_json":${JSON.stringify(piece)}}`;
  return [
    event('content_block_start', `"index":0,"content_block":${block}`),
    event('ping', ''),
    ...pieces(reply.text, reply.chunks).map((piece) =>
      event('content_block_delta', `"index":0,"delta":${delta(piece)}`),
    ),
    event('content_block_stop', '"index":0'),
  ];
};

const events = (reply: Reply): string[] => {
  const { usage, finish } = reply;
  const early = usage === null ? '' : `,"usage":{"input_tokens":${usage.input},"output_tokens":1}`;
  const final = usage === null ? '' : `,"usage":{"output_tokens":${usage.output}}`;
  const details = finish === 'refusal' ? `,"stop_details":${refusalDetails(reply)}` : '';
  return [
    event(
      'message_start',
      `"message":{${head(reply)},"content":[],"stop_reason":null,"stop_sequence":null${early}}`,
    ),
    ...(finish === 'refusal' ? [event('ping', '')] : blockEvents(reply)),
    event(
      'message_delta',
      `"delta":{"stop_reason":"${stopReason(reply)}","stop_sequence":null${details}}${final}`,
    ),
    event('message_stop', ''),
  ];
};

/** Anthropic's messages. */
export const anthropicWire: Wire = {
  idHeader: 'request-id',
  body,
  events,
  error: (error, detail) => ({ status: ERRORS[error][0], body: errorBody(error, detail) }),
  errorEvent: (error) => `event: error\ndata: ${errorBody(error, null)}\n\n`,
  models: (ids) =>
    JSON.stringify({
      data: ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })),
      has_more: false,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    }),
};
