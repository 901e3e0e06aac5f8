import { z } from 'zod';
import { ChatMessage } from './chat.ts';

/** What a model reads before it goes on: a conversation, rendered with the model's template, or plain text. */
export const TaskPrompt = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chat'), messages: z.array(ChatMessage).min(1) }),
  z.object({ kind: z.literal('text'), text: z.string() }),
]);
export type TaskPrompt = z.infer<typeof TaskPrompt>;

/** How tokens are chosen; temperature 0 is greedy. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(5).default(0.8),
  topK: z.number().int().min(0).default(0),
  topP: z.number().gt(0).max(1).default(0.95),
  minP: z.number().min(0).max(1).default(0),
  repetitionPenalty: z.number().min(0.5).max(2).default(1),
});
export type Sampling = z.infer<typeof Sampling>;

/** How surprised is the model by pieces of text that follow one another after a prompt? */
export const ScoreTask = z.object({
  kind: z.literal('score'),
  prompt: TaskPrompt,
  /** They are scored as one text; what a token shares of two pieces belongs to the one in which it begins. */
  pieces: z.array(z.string()),
});
export type ScoreTask = z.infer<typeof ScoreTask>;

/** How does the model go on after a prompt, and after the beginnings of an answer that it is given? */
export const GenerateTask = z.object({
  kind: z.literal('generate'),
  prompt: TaskPrompt,
  /** Beginnings of the answer; `''`: it begins by itself. */
  prefixes: z.array(z.string()).min(1),
  /** Samples of each. */
  n: z.number().int().min(1).max(256),
  sampling: Sampling,
  maxTokens: z.number().int().min(1),
  stop: z.array(z.string()),
  /** Of the first sample; the others count on from it. */
  seed: z.number().int().min(0),
});
export type GenerateTask = z.infer<typeof GenerateTask>;

export const LocalTask = z.discriminatedUnion('kind', [ScoreTask, GenerateTask]);
export type LocalTask = z.infer<typeof LocalTask>;

/** Figures of a piece's tokens, in their order. */
export const PieceScore = z.object({
  /** Where each token begins in the piece, in UTF-16 units; the first may begin before it (then 0). */
  starts: z.array(z.number().int().min(0)),
  /** -ln p of each token given all before it, in nats, >= 0. */
  surprisal: z.array(z.number()),
  /** Tokens that were likelier. */
  rank: z.array(z.number().int().min(0)),
  /** Of the distribution at each token, in nats. */
  entropy: z.array(z.number()),
});
export type PieceScore = z.infer<typeof PieceScore>;

export const GeneratedText = z.object({
  /** Which prefix it goes on from, and which of its samples it is; both 0-based. */
  prefix: z.number().int().min(0),
  sample: z.number().int().min(0),
  /** What was added to the prefix. */
  text: z.string(),
  tokens: z.number().int().min(0),
  /** Sum over its tokens of ln p before temperature and cuts, in nats. */
  logprob: z.number(),
  finish: z.enum(['stop', 'length']),
});
export type GeneratedText = z.infer<typeof GeneratedText>;

/** What a task came to, wherever it was done; `failed` is of this task alone (a text that is too long). */
export const LocalAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('score'), promptTokens: z.number().int().min(0), pieces: z.array(PieceScore) }),
  z.object({
    kind: z.literal('generate'),
    promptTokens: z.number().int().min(0),
    samples: z.array(GeneratedText),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type LocalAnswer = z.infer<typeof LocalAnswer>;
