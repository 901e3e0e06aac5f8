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
  const { repetitionPenalty = 1, temperature = 0 } = sampling;
  const judged = repetitionPenalty === 1 ? logits : penalised(logits, repetitionPenalty, seen);
  const id = temperature === 0 ? likeliest(judged) : draw(judged, sampling, random);
  return { id, logprob: (logits[id] ?? 0) - logSumExp(logits) };
};

const penalised = (logits: Float32Array, penalty: number, seen: ReadonlySet<number>): Float32Array => {
  const judged = logits.slice();
  for (const id of seen) {
    const logit = logits[id];
    if (logit !== undefined) judged[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return judged;
};

const likeliest = (logits: Float32Array): number => {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    if (logit > most) {
      most = logit;
      best = id;
    }
  }
  return best;
};

/** Less likely than this, relative to the likeliest, a token's chance is lost in rounding. */
const NEGLIGIBLE = -40;

const draw = (
  logits: Float32Array,
  { temperature = 1, topK = 0, topP = 1, minP = 0 }: Sampling,
  random: () => number,
): number => {
  const most = logits[likeliest(logits)] ?? 0;
  const floor = minP > 0 ? Math.max(Math.log(minP), NEGLIGIBLE) : NEGLIGIBLE;
  const weights = new Float64Array(logits.length);
  let whole = 0;
  for (let id = 0; id < logits.length; id++) {
    const relative = ((logits[id] as number) - most) / temperature;
    if (relative >= floor) whole += weights[id] = Math.exp(relative);
  }
  let pool: Iterable<number> = fromLikeliest(weights);
  if (topK > 0) [pool, whole] = upTo(pool, weights, topK, Number.POSITIVE_INFINITY);
  if (topP < 1) [pool, whole] = upTo(pool, weights, Number.POSITIVE_INFINITY, topP * whole);
  let left = random() * whole;
  let last = 0;
  for (const id of pool) {
    left -= weights[id] as number;
    last = id;
    if (left < 0) break;
  }
  return last;
};

/** The first so many, or the first that together have so much weight; and what they have. */
const upTo = (
  ids: Iterable<number>,
  weights: Float64Array,
  count: number,
  weight: number,
): [number[], number] => {
  const first: number[] = [];
  let sum = 0;
  for (const id of ids) {
    first.push(id);
    sum += weights[id] as number;
    if (first.length >= count || sum >= weight) break;
  }
  return [first, sum];
};

/** Least weights, relative to the likeliest's of 1, of bands that are sorted one by one: a choice seldom needs more than the first. */
const BANDS = [0.1, 1e-2, 1e-3, 1e-5, Number.MIN_VALUE];

/** Those of any weight, by weight and then by id. Sorting all of a vocabulary takes longer than a small model's own step. */
function* fromLikeliest(weights: Float64Array): Generator<number> {
  let above = Number.POSITIVE_INFINITY;
  for (const least of BANDS) {
    const band: number[] = [];
    for (let id = 0; id < weights.length; id++) {
      const weight = weights[id] as number;
      if (weight >= least && weight < above) band.push(id);
    }
    yield* band.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
    above = least;
  }
}

/** In float64, shifted by the largest. What is so far below it that it cannot move the sum is not raised to a power. */
export const logSumExp = (logits: Float32Array): number => {
  const most = logits[likeliest(logits)] ?? Number.NEGATIVE_INFINITY;
  const floor = most + NEGLIGIBLE;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    // What is no number is let in, so that the sum is none either.
    if (!(logit <= floor)) sum += Math.exp(logit - most);
  }
  return most + Math.log(sum);
};
