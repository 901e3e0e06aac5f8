import { wilson } from '@flywheel/domain/metrics/wilson';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { FlawCounts } from '@flywheel/store/rule-figures';
import type { Store } from '@flywheel/store/store';

/** A share of `n`, with Wilson's 95 % interval; null where n is 0. */
export interface Share {
  hits: number;
  n: number;
  value: number;
  interval: [low: number, high: number];
}

/** How a rule does against one kind of truth. */
export interface RuleAgainst {
  truth: 'verifiers' | 'gold' | 'answers';
  /** Of the traces that it hits: those that are flawed. */
  precision: Share | null;
  /** The same of the whole slice: what a rule that hits at random would have. */
  base: Share | null;
  /** Of the flawed traces: those that it hits. */
  recall: Share | null;
}

export interface RuleFigures {
  /** Traces of the slice, and those that the rule hits. */
  n: number;
  hits: number;
  against: RuleAgainst[];
}

const share = (hits: number, n: number): Share | null =>
  n === 0 ? null : { hits, n, value: hits / n, interval: wilson(hits, n) };

/** What a rule (more words for the query bar) finds in a slice, and how much of that is flawed. */
export const ruleFigures = async (store: Store, query: string, rule: string): Promise<RuleFigures> => {
  const [slice, hit] = await Promise.all([
    store.rules.counts(requireQuery(query)),
    store.rules.counts(requireQuery(`${query} ${rule}`)),
  ]);
  const against = (
    truth: RuleAgainst['truth'],
    known: keyof FlawCounts,
    flawed: keyof FlawCounts,
  ): RuleAgainst => ({
    truth,
    precision: share(hit[flawed], hit[known]),
    base: share(slice[flawed], slice[known]),
    recall: share(hit[flawed], slice[flawed]),
  });
  return {
    n: slice.n,
    hits: hit.n,
    against: [
      against('verifiers', 'verified', 'verifiedFlawed'),
      against('gold', 'gold', 'goldFlawed'),
      against('answers', 'answered', 'wrong'),
    ],
  };
};
