import { hash } from 'node:crypto';

/** Whose wire format a call speaks. */
export type Vendor = 'openai' | 'anthropic';

/** The item that a prompt is about, found in the text of all its messages; undefined: the prompt names none. */
export type KeyOf = (text: string) => string | undefined;

/** What a chat request asks, the same for both vendors. */
export interface ChatCall {
  vendor: Vendor;
  model: string;
  /** Text of all messages in order, the system's first, a line break between them. */
  text: string;
  /** The longest user message. */
  prompt: string;
  /** `keyOf(text)`; by default the SHA-256 of `prompt` in hex. */
  key: string | undefined;
  stream: boolean;
  /** OpenAI's `stream_options.include_usage`; Anthropic's streams always tell. */
  streamUsage: boolean;
  /** Most tokens of the answer; null: no limit asked. */
  maxTokens: number | null;
  /** Anthropic: the tool that the answer must be given through (`tool_choice`), or null. */
  tool: string | null;
}

interface Part {
  type?: string;
  text?: string;
}
interface WireBody {
  model?: unknown;
  system?: string | Part[];
  messages?: { role?: string; content?: string | Part[] | null }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
  tools?: { name?: string }[];
  tool_choice?: { type?: string; name?: string };
}

const textOf = (content: string | Part[] | null | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

const forcedTool = ({ tools, tool_choice: choice }: WireBody): string | null =>
  choice?.type === 'tool'
    ? (choice.name ?? null)
    : choice?.type === 'any'
      ? (tools?.[0]?.name ?? null)
      : null;

/** A prompt's key where no {@link KeyOf} is given: the SHA-256 of its longest user message, in hex. */
export const promptKey = (prompt: string): string => hash('sha256', prompt);

/** Reads a request's JSON; throws, naming what is wrong, when it is no chat request of this vendor. */
export const readChatCall = (vendor: Vendor, json: unknown, keyOf: KeyOf | undefined): ChatCall => {
  const body = json as WireBody;
  if (typeof body?.model !== 'string') throw new Error('you must provide a model parameter');
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    throw new Error('messages: at least one message is required');
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? null;
  if (vendor === 'anthropic' && maxTokens === null) throw new Error('max_tokens: Field required');
  let text = textOf(body.system);
  let prompt = '';
  for (const { role, content } of body.messages) {
    const said = textOf(content);
    text = text === '' ? said : `${text}\n${said}`;
    if (role === 'user' && said.length > prompt.length) prompt = said;
  }
  return {
    vendor,
    model: body.model,
    text,
    prompt,
    key: keyOf ? keyOf(text) : promptKey(prompt),
    stream: body.stream === true,
    streamUsage: body.stream_options?.include_usage === true,
    maxTokens,
    tool: vendor === 'anthropic' ? forcedTool(body) : null,
  };
};
