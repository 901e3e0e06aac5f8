import type { Engine } from '../engine.ts';
import { generate } from '../generate/generate.ts';
import { score } from '../score/score.ts';
import type { Reference } from './reference.ts';

/** How far an engine is from a reference, at one batch size. */
export interface BatchCheck {
  batch: number;
  score: {
    /** Largest difference of a log-probability, and of an entropy, in nats. */
    maxAbs: number;
    maxEntropy: number;
    /** Tokens whose rank is another. */
    ranks: number;
    tokens: number;
    seconds: number;
  };
  greedy: {
    /** Tokens that are the reference's, of those compared: a row is compared up to where the reference was undecided. */
    equal: number;
    total: number;
    seconds: number;
  };
}

export interface ModelCheck {
  tokenizer: { equal: number; total: number };
  /** Rendered conversations that are the reference's. */
  chat: { equal: number; total: number };
  batches: BatchCheck[];
}

/** Two choices whose log-probabilities differ by less may change places by the order of sums. */
const UNDECIDED = 1e-3;

/** Runs a reference file through an engine. */
export const checkModel = async (
  engine: Engine,
  reference: Reference,
  { batches = [1, 8], signal }: { batches?: readonly number[]; signal?: AbortSignal } = {},
): Promise<ModelCheck> => {
  const { tokenizer } = engine;
  const texts = [...reference.tokenizer, ...reference.score];
  const chats = reference.greedy.filter((g) => g.messages.length > 0);
  const checked: BatchCheck[] = [];
  for (const batch of batches)
    checked.push({
      batch,
      score: await checkScore(engine, reference, batch, signal),
      greedy: await checkGreedy(engine, reference, batch, signal),
    });
  return {
    tokenizer: {
      equal: texts.filter(({ text, ids }) => same(tokenizer.encode(text), ids)).length,
      total: texts.length,
    },
    chat: {
      equal: chats.filter((g) => tokenizer.hasTemplate && tokenizer.render(g.messages) === g.prompt).length,
      total: chats.length,
    },
    batches: checked,
  };
};

const checkScore = async (
  engine: Engine,
  { score: expected }: Reference,
  batch: number,
  signal?: AbortSignal,
): Promise<BatchCheck['score']> => {
  const began = performance.now();
  const longest = Math.max(...expected.map((e) => e.ids.length));
  const scores = await score(
    engine,
    expected.map((e) => e.ids),
    { batchTokens: batch * longest, ...(signal ? { signal } : {}) },
  );
  const result = { maxAbs: 0, maxEntropy: 0, ranks: 0, tokens: 0, seconds: 0 };
  for (const [t, e] of expected.entries())
    for (const [i, logprob] of e.logprob.entries()) {
      const got = scores[t];
      result.tokens++;
      result.maxAbs = worse(result.maxAbs, (got?.logprob[i] ?? Number.NaN) - logprob);
      result.maxEntropy = worse(result.maxEntropy, (got?.entropy[i] ?? Number.NaN) - (e.entropy[i] ?? 0));
      if (got?.rank[i] !== e.rank[i]) result.ranks++;
    }
  result.seconds = (performance.now() - began) / 1_000;
  return result;
};

/** What is not a number is as far off as can be. */
const worse = (most: number, difference: number): number =>
  Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, Math.abs(difference));

const checkGreedy = async (
  engine: Engine,
  { greedy: expected }: Reference,
  batch: number,
  signal?: AbortSignal,
): Promise<BatchCheck['greedy']> => {
  const began = performance.now();
  const answers = await generate(
    engine,
    expected.map((e) => ({
      prompt: e.prompt_ids,
      maxTokens: e.continuation_ids.length,
      sampling: {},
      seed: 0,
    })),
    { slots: batch, ...(signal ? { signal } : {}) },
  );
  let equal = 0;
  let total = 0;
  for (const [r, e] of expected.entries())
    for (const [i, id] of e.continuation_ids.entries()) {
      const hit = answers[r]?.ids[i] === id;
      // From another token on, what follows cannot be compared.
      if (!hit && (e.gap[i] ?? 0) < UNDECIDED) break;
      total++;
      if (hit) equal++;
      else break;
    }
  return { equal, total, seconds: (performance.now() - began) / 1_000 };
};

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
