import type { RunId } from '@flywheel/domain/ids';
import { passAtK } from '@flywheel/domain/metrics/pass-at-k';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { compareAnswers } from '@flywheel/judges/final-answer';
import type { Store } from '@flywheel/store/store';
import { votesOf } from './written-trace.ts';

/** A mean over problems, with its 95 % interval by drawing problems with replacement. */
export interface Mean {
  value: number;
  interval: [low: number, high: number];
}

/** What a run's samples came to. */
export interface SampleFigures {
  /** Problems with samples, and those of them whose right answer is known: the figures below are of these. */
  problems: number;
  known: number;
  /** Samples of each problem, the fewest where they differ. */
  n: number;
  /** pass@k without bias (Chen et al. 2021), for k = 1, 2, 4, ... up to n. */
  passAt: (Mean & { k: number })[];
  /** Share of the problems whose most frequent answer is right. */
  majority: Mean | null;
  /** Mean share of the most frequent answer, and mean entropy of the answers in nats, over all problems. */
  agreement: number;
  entropy: number;
  /** Each problem: how many of its samples are right, and how they agree; the least agreeing first. */
  items: {
    trace: string;
    label: string;
    reference: string | null;
    n: number;
    right: number | null;
    majority: string | null;
    share: number;
    entropy: number;
  }[];
}

const RESAMPLES = 1_000;

/** Reads what a run's samples came to; null before there are any. */
export const sampleFigures = async (store: Store, run: RunId): Promise<SampleFigures | null> => {
  const items = (await store.localViews.sampled(run)).map(({ trace, label, reference, samples }) => {
    const votes = votesOf(samples.map((s) => s.answer));
    const right = samples.filter((s) => s.outcome === 'right').length;
    return {
      trace,
      label,
      reference,
      n: samples.length,
      right: reference === null ? null : right,
      ...votes,
      majorityRight:
        reference !== null && votes.majority !== null && compareAnswers(votes.majority, reference).equal,
    };
  });
  if (items.length === 0) return null;
  const known = items.flatMap((item) => (item.right === null ? [] : [{ ...item, right: item.right }]));
  const n = Math.min(...items.map((item) => item.n));
  const ks = Array.from({ length: 7 }, (_, i) => 2 ** i).filter((k) => k <= n);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    problems: items.length,
    known: known.length,
    n,
    passAt:
      known.length === 0
        ? []
        : ks.map((k) => ({ k, ...meanOf(known.map((item) => passAtK(item.n, item.right, k))) })),
    majority: known.length === 0 ? null : meanOf(known.map((item) => Number(item.majorityRight))),
    agreement: mean(items.map((item) => item.share)),
    entropy: mean(items.map((item) => item.entropy)),
    items: items
      .map(({ majorityRight: _majorityRight, ...item }) => item)
      .sort((a, b) => b.entropy - a.entropy || (a.label < b.label ? -1 : 1)),
  };
};

/** Percentile bootstrap over problems (Efron and Tibshirani 1993, ch. 13). */
const meanOf = (values: readonly number[]): Mean => {
  const random = seededRandom(1);
  const count = values.length;
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[Math.floor(random() * count)] ?? 0;
    return sum / count;
  }).sort();
  const at = (q: number): number => means[Math.floor(q * RESAMPLES)] ?? 0;
  return { value: values.reduce((a, b) => a + b, 0) / count, interval: [at(0.025), at(0.975)] };
};
