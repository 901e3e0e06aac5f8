/** Where an answer ends. */
export type Finish = 'stop' | 'length' | 'refusal';

/** An answer, before it is written in a vendor's format. */
export interface Reply {
  /** Number of the call: ids are made from it. */
  call: number;
  model: string;
  text: string;
  finish: Finish;
  /** null: the answer says nothing of tokens. */
  usage: { input: number; output: number } | null;
  /** Anthropic: the tool that is to be used; null: plain text. */
  tool: string | null;
  /** OpenAI: whether the stream ends with a chunk of usage. */
  streamUsage: boolean;
  /** Pieces that a stream cuts the text into, 1 or more. */
  chunks: number;
}

/** Refusals of the endpoint itself, each in its vendor's form. */
export type EndpointError =
  | 'bad-request'
  | 'wrong-key'
  | 'quota'
  | 'unknown-model'
  | 'unknown-path'
  | 'context-length'
  | 'rate-limit'
  | 'server-error'
  | 'unavailable'
  | 'overloaded';

export interface ErrorReply {
  status: number;
  body: string;
}

/** One vendor's formats. */
export interface Wire {
  /** Header that names the call in the vendor's logs. */
  idHeader: string;
  /** The whole answer as one JSON text. */
  body: (reply: Reply) => string;
  /** The answer as server-sent events, each with its blank line, in the vendor's order. */
  events: (reply: Reply) => string[];
  /** `detail`: for people; null: the vendor's usual words. */
  error: (error: EndpointError, detail: string | null) => ErrorReply;
  /** An error after the stream has begun, as one event. */
  errorEvent: (error: EndpointError) => string;
  models: (ids: readonly string[]) => string;
}

/** `text` in `count` pieces of about equal length, none empty unless the text is shorter; never splits a surrogate pair. */
export const pieces = (text: string, count: number): string[] => {
  const size = Math.max(1, Math.ceil(text.length / count));
  const out: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size);
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end++;
    out.push(text.slice(start, end));
    start = end;
  }
  return out.length > 0 ? out : [''];
};
