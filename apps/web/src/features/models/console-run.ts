import type { ChatMessage } from '@flywheel/domain/chat';
import type { Sampling } from '@flywheel/domain/local-task';
import type { ToldToken } from '@flywheel/inference/worker-protocol';
import type { OpenModel } from '../../app/inference.ts';

/** What the console shows of a token: of one that was written, or of a text that was read. */
export interface SeenToken {
  id: number;
  text: string;
  logprob: number;
  rank: number;
  entropy: number;
  alternatives: ToldToken['alternatives'];
}

export interface Ask {
  prompt: { kind: 'chat'; messages: ChatMessage[] } | { kind: 'text'; text: string };
  /** Tokens of the answer that are kept before it goes on. */
  kept: readonly SeenToken[];
  sampling: Sampling;
  maxTokens: number;
  seed: number;
}

const ALTERNATIVES = 6;

const promptIds = async ({ client }: OpenModel, prompt: Ask['prompt']): Promise<number[]> => {
  const chat = prompt.kind === 'chat';
  const text = chat ? await client.call('render', { messages: prompt.messages }) : prompt.text;
  const [ids = []] = await client.call('encode', { texts: [text], special: !chat });
  return ids;
};

/** Has a model go on, and tells each token as it comes. Resolves with why it ended. */
export const write = async (
  model: OpenModel,
  ask: Ask,
  onToken: (token: SeenToken) => void,
  signal: AbortSignal,
): Promise<'stop' | 'length'> => {
  const ids = await promptIds(model, ask.prompt);
  const room = model.loaded.context - ids.length - ask.kept.length;
  if (ids.length === 0) throw new Error('Write something: a model continues at least one token.');
  if (room < 1)
    throw new Error(
      `The text has ${ids.length + ask.kept.length} tokens; the model takes ${model.loaded.context}.`,
    );
  const [made] = await model.client.call(
    'generate',
    {
      requests: [
        {
          prompt: [...ids, ...ask.kept.map((t) => t.id)],
          maxTokens: Math.min(ask.maxTokens, room),
          sampling: ask.sampling,
          seed: ask.seed,
          alternatives: ALTERNATIVES,
        },
      ],
    },
    { signal, onTold: ({ detail }) => detail && onToken(detail) },
  );
  return made?.finish ?? 'stop';
};

/** How surprised a model is by a text: its tokens from the second on. */
export const read = async (model: OpenModel, text: string, signal: AbortSignal): Promise<SeenToken[]> => {
  const { client } = model;
  const [ids = []] = await client.call('encode', { texts: [text], special: true });
  const [starts = []] = await client.call('starts', { texts: [ids] });
  const [score] = await client.call('score', { texts: [ids] }, { signal });
  if (!score) return [];
  const whole = text;
  return ids.slice(1).map((id, i) => ({
    id,
    text: whole.slice(starts[i + 1] ?? 0, starts[i + 2] ?? whole.length),
    logprob: score.logprob[i] ?? 0,
    rank: score.rank[i] ?? 0,
    entropy: score.entropy[i] ?? 0,
    alternatives: [],
  }));
};
