import type { Tensor } from 'onnxruntime-common';
import type { Engine } from '../engine.ts';
import { checkTokens, finite } from '../finite.ts';
import { bucket } from './bucket.ts';

/** What a model thinks of a text's tokens, from the second on: entry `i` is of token `i + 1`, given those before it. */
export interface Score {
  /** Natural log of the token's probability. */
  logprob: Float32Array;
  /** Tokens that were more likely; 0: it was the likeliest. */
  rank: Int32Array;
  /** Of the distribution, in nats. */
  entropy: Float32Array;
  /** Id of the likeliest token. */
  top1: Int32Array;
}

export interface ScoreOptions {
  /** Tokens in one pass, padding included. */
  batchTokens?: number;
  /** Rows of logits that are made at once: each takes the vocabulary's size in floats, some five times. */
  rows?: number;
  signal?: AbortSignal;
  /** Told after each pass how many tokens were scored. */
  onTokens?: (tokens: number) => void;
}

const BATCH_TOKENS = 1_024;
/** Bytes that a chunk of logits and what is made of it may take. */
const CHUNK_BYTES = 192e6;

/**
 * Scores texts, each given as its tokens. Texts of like length go together, right-padded; logits are made in chunks and never
 * come back.
 *
 * @throws Error where a text is longer than the model can take, or has tokens that it does not, before anything is run;
 *   NotFinite where a figure is none
 */
export const score = async (
  engine: Engine,
  texts: readonly (readonly number[])[],
  options: ScoreOptions = {},
): Promise<Score[]> => {
  const long = texts.findIndex((ids) => ids.length > engine.context);
  if (long >= 0)
    throw new Error(
      `Text ${long} has ${texts[long]?.length} tokens, but the model takes ${engine.context}: shorten it, or split it.`,
    );
  checkTokens(engine, texts, 'Text');
  const scores = texts.map((ids): Score => {
    const n = Math.max(0, ids.length - 1);
    return {
      logprob: new Float32Array(n),
      rank: new Int32Array(n),
      entropy: new Float32Array(n),
      top1: new Int32Array(n),
    };
  });
  const lengths = texts.map((ids) => ids.length);
  for (const batch of bucket(lengths, options.batchTokens ?? BATCH_TOKENS)) {
    options.signal?.throwIfAborted();
    await scoreBatch(engine, batch, texts, scores, options);
    options.onTokens?.(batch.reduce((sum, i) => sum + Math.max(0, (lengths[i] ?? 0) - 1), 0));
  }
  return scores;
};

const scoreBatch = async (
  engine: Engine,
  batch: readonly number[],
  texts: readonly (readonly number[])[],
  scores: readonly Score[],
  options: ScoreOptions,
): Promise<void> => {
  const rows = batch.map((i) => texts[i] ?? []);
  const width = Math.max(...rows.map((ids) => ids.length));
  const { hidden } = await engine.hidden(
    rows,
    rows.map(() => 0),
  );
  if (!hidden) throw new Error('The graph gave no hidden states.');
  try {
    await scorePlaces(engine, hidden, width, batch, texts, scores, options);
  } finally {
    hidden.dispose();
  }
};

/** Each token but a text's first is predicted from the place before it: the last has nothing after it. */
const scorePlaces = async (
  engine: Engine,
  hidden: Tensor,
  width: number,
  batch: readonly number[],
  texts: readonly (readonly number[])[],
  scores: readonly Score[],
  options: ScoreOptions,
): Promise<void> => {
  const places = batch.flatMap((text, r) =>
    (texts[text] ?? []).slice(1).map((target, i) => ({ r, i, target })),
  );
  const chunk = options.rows ?? Math.max(1, Math.floor(CHUNK_BYTES / (engine.vocabulary * 4 * 5)));
  for (let from = 0; from < places.length; from += chunk) {
    options.signal?.throwIfAborted();
    const part = places.slice(from, from + chunk);
    const { logprob, rank, entropy, top1 } = await engine.figures(
      hidden,
      part.map(({ r, i }) => r * width + i),
      part.map(({ target }) => target),
      ['logprob', 'rank', 'entropy', 'top1'],
    );
    for (const [k, { r, i }] of part.entries()) {
      const to = scores[batch[r] ?? 0];
      if (!to) continue;
      const of = (what: string) => () => `the ${what} at token ${i + 1} of text ${batch[r]}`;
      to.logprob[i] = finite(Number(logprob?.data[k]), of('log-probability'));
      to.rank[i] = Number(rank?.data[k]);
      to.entropy[i] = finite(Number(entropy?.data[k]), of('entropy'));
      to.top1[i] = Number(top1?.data[k]);
    }
  }
};
