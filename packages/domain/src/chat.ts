import { z } from 'zod';
import { JsonValue } from './trace.ts';

/** One message to a model. */
export const ChatMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
export type ChatMessage = z.infer<typeof ChatMessage>;

/** How a model is to answer. What is absent is left to the provider. */
export const ModelParams = z.object({
  /** 0..2 */
  temperature: z.number().min(0).max(2).optional(),
  /** 0..1 */
  topP: z.number().min(0).max(1).optional(),
  /** Most tokens of the answer; also what a budget reserves for it. */
  maxTokens: z.number().int().min(1).max(1_000_000).default(1024),
  seed: z.number().int().min(0).optional(),
});
export type ModelParams = z.infer<typeof ModelParams>;

/** A question to a model; equal requests of one repetition have one answer, kept by content. */
export interface ChatRequest {
  model: string;
  messages: readonly ChatMessage[];
  params: ModelParams;
  /** JSON Schema that the answer should follow; asked of the provider where it can, else only parsed for. */
  schema: { [key: string]: JsonValue } | null;
}

/** Tokens of one call. `estimated`: the provider gave no (or impossible) counts, so they were counted from the text. */
export interface ChatUsage {
  input: number;
  output: number;
  estimated: boolean;
}

/** `length`: cut off at `maxTokens`. `refusal`: the model or a filter declined. */
export type ChatFinish = 'stop' | 'length' | 'refusal' | 'other';

export interface ChatAnswer {
  text: string;
  finish: ChatFinish;
  usage: ChatUsage;
  /** Milliseconds from sending to the last byte of the answering call. */
  modelMs: number;
}

/** Why a call gave no answer. Each has its own remedy, retry and rate. */
export const ChatFailureCause = z.enum([
  'rate-limited',
  'overloaded',
  'server-error',
  'timeout',
  'network',
  'bad-response',
  'wrong-key',
  'no-such-model',
  'context-too-long',
  'quota',
  'refused-request',
  'blocked-address',
]);
export type ChatFailureCause = z.infer<typeof ChatFailureCause>;

/**
 * Tokens of a text, estimated from its characters: one for three letters or blanks, for each digit and sign, three for
 * each character that is not ASCII (its bytes). That is more than the tokenizers of today take for prose, code, arithmetic
 * (some split every digit) and other scripts. For reservations, where too much is safe, and for counts that a provider
 * does not give.
 */
export const estimateTokens = (text: string): number => {
  let thirds = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const plain = (code >= 97 && code <= 122) || code === 32 || (code >= 65 && code <= 90);
    thirds += plain ? 1 : code < 128 ? 3 : 9;
  }
  return Math.ceil(thirds / 3);
};

/** Tokens that a request may use at most: its messages, by {@link estimateTokens}, and the longest answer. */
export const mostTokens = (request: ChatRequest): { input: number; output: number } => ({
  input: request.messages.reduce((sum, m) => sum + 4 + estimateTokens(m.content), 0),
  output: request.params.maxTokens,
});
