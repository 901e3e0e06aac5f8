import type { ChatMessage } from '@flywheel/domain/chat';
import type { Sampling } from '@flywheel/domain/local-task';
import type { ToldToken } from '@flywheel/inference/worker-protocol';
import type { OpenModel } from '../../app/inference.ts';

/** What the console shows of a token: of one that was written, or of a text that was read. */
export interface SeenToken {
  text: string;
  id: number;
  logprob: number;
  rank: number;
  entropy: number;
  alternatives: ToldToken['alternatives'];
}

export interface Ask {
  prompt: { kind: 'chat'; messages: ChatMessage[] } | { kind: 'text'; text: string };
  sampling: Sampling;
  maxTokens: number;
  /** Texts that end an answer. */
  stop: string[];
  /** Of the first sample; the others count on from it. */
  seed: number;
  /** Samples. */
  n: number;
}

/** An answer as far as it is written. */
export interface Sample {
  tokens: readonly SeenToken[];
  /** What is written after each token, in characters that are whole. */
  upTo: readonly string[];
  /** null: it is being written, or was stopped. */
  finish: 'stop' | 'length' | null;
}

export const EMPTY: Sample = { tokens: [], upTo: [], finish: null };

/** The whole text of a sample, without what ended it. */
export const textOf = ({ upTo }: Sample): string => upTo.at(-1) ?? '';

/** A sample that goes on from other tokens than it has. */
export interface Branch {
  sample: number;
  kept: Sample;
}

const ALTERNATIVES = 6;

const promptIds = async ({ client }: OpenModel, prompt: Ask['prompt']): Promise<number[]> => {
  const chat = prompt.kind === 'chat';
  const text = chat ? await client.call('render', { messages: prompt.messages }) : prompt.text;
  const [ids = []] = await client.call('encode', { texts: [text], special: !chat });
  return ids;
};

/**
 * Has a model answer, or go on with one answer from a branch, and tells each token as it comes.
 *
 * @param onToken told of the sample, the token, and the sample's text with it
 * @returns why each ended, in the order of the samples; of a branch its own alone
 */
export const write = async (
  model: OpenModel,
  ask: Ask,
  branch: Branch | null,
  onToken: (sample: number, token: SeenToken, text: string) => void,
  signal: AbortSignal,
): Promise<('stop' | 'length')[]> => {
  const ids = await promptIds(model, ask.prompt);
  const kept = branch?.kept ?? EMPTY;
  const length = ids.length + kept.tokens.length;
  if (ids.length === 0) throw new Error('Write something: a model continues at least one token.');
  const room = model.loaded.context - length;
  if (room < 1) throw new Error(`The text has ${length} tokens; the model takes ${model.loaded.context}.`);
  // One array for all: the model reads it once.
  const prompt = [...ids, ...kept.tokens.map((t) => t.id)];
  const samples = branch ? [branch.sample] : Array.from({ length: ask.n }, (_, i) => i);
  const made = await model.client.call(
    'generate',
    {
      requests: samples.map((i) => ({
        prompt,
        maxTokens: Math.min(ask.maxTokens, room),
        sampling: ask.sampling,
        stop: ask.stop,
        seed: ask.seed + i,
        alternatives: ALTERNATIVES,
      })),
    },
    {
      signal,
      onTold: ({ request, text, detail }) =>
        detail && onToken(samples[request] ?? 0, detail, textOf(kept) + text),
    },
  );
  return made.map((m) => m.finish);
};

/** A text as it was read: nothing is known of how likely its first token is, which stands in `lead`. */
export interface Reading {
  lead: string;
  tokens: SeenToken[];
}

/** How surprised is a model by a text? */
export const read = async (model: OpenModel, text: string, signal: AbortSignal): Promise<Reading> => {
  const { client } = model;
  const [ids = []] = await client.call('encode', { texts: [text], special: true });
  const [starts = []] = await client.call('starts', { texts: [ids] });
  const [score] = await client.call('score', { texts: [ids] }, { signal });
  if (!score) return { lead: text, tokens: [] };
  const tokens = ids.slice(1).map((id, i) => ({
    id,
    text: text.slice(starts[i + 1] ?? 0, starts[i + 2] ?? text.length),
    logprob: score.logprob[i] ?? 0,
    rank: score.rank[i] ?? 0,
    entropy: score.entropy[i] ?? 0,
    alternatives: [],
  }));
  return { lead: text.slice(0, starts[1] ?? text.length), tokens };
};
