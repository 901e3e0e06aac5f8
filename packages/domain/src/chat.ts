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
 * Tokens of a text, estimated from its length: one for three characters, which is more than English, code or arithmetic
 * take with the tokenizers of today. For reservations, where too much is safe; not for display.
 */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 3);

/** Tokens that a request may use at most: its messages, by {@link estimateTokens}, and the longest answer. */
export const mostTokens = (request: ChatRequest): { input: number; output: number } => ({
  input: request.messages.reduce((sum, m) => sum + 4 + estimateTokens(m.content), 0),
  output: request.params.maxTokens,
});
