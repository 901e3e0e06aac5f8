/** How the next token is chosen. What is absent is off. */
export interface Sampling {
  /** 0 or absent: the likeliest token (greedy). */
  temperature?: number | undefined;
  /** Only so many of the likeliest. */
  topK?: number | undefined;
  /** Only the likeliest that together have this probability (Holtzman et al. 2020, arXiv 1904.09751). */
  topP?: number | undefined;
  /** Only those at least this share as likely as the likeliest (Nguyen et al. 2024, arXiv 2407.01082). */
  minP?: number | undefined;
  /** Above 1: tokens that are in the text already are less likely (Keskar et al. 2019, arXiv 1909.05858, section 4.1). */
  repetitionPenalty?: number | undefined;
}

export interface Chosen {
  id: number;
  /** Natural log of its probability under the model itself, before any of the above. */
  logprob: number;
}

/**
 * Chooses a token. Candidates are narrowed by top-k, then top-p, then min-p, all at the given temperature.
 *
 * @param logits of one row; not changed
 * @param seen tokens of the text so far, for the repetition penalty
 * @param random a number in [0, 1), asked for once where the choice is not greedy
 */
export const choose = (
  logits: Float32Array,
  sampling: Sampling,
  seen: ReadonlySet<number>,
  random: () => number,
): Chosen => {
  const { repetitionPenalty: penalty = 1, temperature = 0 } = sampling;
  const penalised = (id: number): number => {
    const logit = logits[id] ?? Number.NEGATIVE_INFINITY;
    return penalty === 1 || !seen.has(id) ? logit : logit > 0 ? logit / penalty : logit * penalty;
  };
  const id =
    temperature === 0
      ? likeliest(logits.length, penalised)
      : draw(logits.length, penalised, sampling, random);
  return { id, logprob: (logits[id] ?? 0) - logSumExp(logits) };
};

const likeliest = (n: number, logit: (id: number) => number): number => {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < n; id++) {
    const value = logit(id);
    if (value > most) {
      most = value;
      best = id;
    }
  }
  return best;
};

/** Less likely than this, relative to the likeliest, a token's chance is lost in rounding. */
const NEGLIGIBLE = -40;

const draw = (
  n: number,
  logit: (id: number) => number,
  { temperature = 1, topK = 0, topP = 1, minP = 0 }: Sampling,
  random: () => number,
): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < n; id++) most = Math.max(most, logit(id));
  const floor = minP > 0 ? Math.max(Math.log(minP), NEGLIGIBLE) : NEGLIGIBLE;
  const candidates: { id: number; weight: number }[] = [];
  for (let id = 0; id < n; id++) {
    const relative = (logit(id) - most) / temperature;
    if (relative >= floor) candidates.push({ id, weight: Math.exp(relative) });
  }
  candidates.sort((a, b) => b.weight - a.weight || a.id - b.id);
  const first = topK > 0 ? candidates.slice(0, topK) : candidates;
  const whole = first.reduce((sum, c) => sum + c.weight, 0);
  let kept = first.length;
  if (topP < 1) {
    let sum = 0;
    kept = first.findIndex((c) => {
      sum += c.weight;
      return sum >= topP * whole;
    });
    kept = kept < 0 ? first.length : kept + 1;
  }
  const pool = first.slice(0, kept);
  let left = random() * pool.reduce((sum, c) => sum + c.weight, 0);
  for (const { id, weight } of pool) {
    left -= weight;
    if (left < 0) return id;
  }
  return pool.at(-1)?.id ?? 0;
};

/** In float64, shifted by the largest. */
export const logSumExp = (logits: Float32Array): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
};
