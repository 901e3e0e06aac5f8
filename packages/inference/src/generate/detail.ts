import { type Chosen, logSumExp } from './sampler.ts';

/** What stood behind the choice of a token. Log-probabilities are the model's own, before temperature and cuts, in nats. */
export interface TokenDetail extends Chosen {
  /** Tokens that were likelier. */
  rank: number;
  /** Of the distribution, in nats. */
  entropy: number;
  /** The likeliest, the first of them first. */
  alternatives: Chosen[];
}

/**
 * Looks at the whole distribution that a token was chosen from: only for those who watch, as it costs as much as the choice.
 *
 * @param logits of one row; not changed
 * @param count of alternatives
 */
export const detailOf = (logits: Float32Array, { id, logprob }: Chosen, count: number): TokenDetail => {
  const total = logSumExp(logits);
  const own = logits[id] ?? Number.NEGATIVE_INFINITY;
  let [rank, entropy] = [0, 0];
  const best: Chosen[] = [];
  for (let other = 0; other < logits.length; other++) {
    const logit = logits[other] as number;
    if (logit > own) rank++;
    const p = Math.exp(logit - total);
    if (p > 0) entropy -= p * (logit - total);
    if (best.length < count || logit - total > (best.at(-1) as Chosen).logprob) {
      const place = best.findIndex((b) => b.logprob < logit - total);
      best.splice(place < 0 ? best.length : place, 0, { id: other, logprob: logit - total });
      if (best.length > count) best.pop();
    }
  }
  return { id, logprob, rank, entropy, alternatives: best };
};
