import { holm } from './metrics/holm.ts';
import { mcnemar } from './metrics/mcnemar.ts';
import { type PairedDifference, type PairedOutcome, pairedDifference } from './metrics/paired-difference.ts';

/** An item of a frozen suite, solved or not by the generation that is and by the one that would take its place. */
export interface GateItem extends PairedOutcome {
  id: string;
  slice: string;
}

/** When a generation may take the place of the one before it. */
export interface GateRule {
  /** Gain on the target that is asked for at least, 0..1: of the gain that was seen, beside which chance is ruled out by `alpha`. */
  minimumGain: number;
  /** A p-value below it is significant. */
  alpha: number;
}

export interface ComparedItems extends PairedDifference {
  /** Of McNemar's exact test, two-sided. */
  p: number;
}

const SUITES = ['target', 'canary'] as const;
export type GateSuite = (typeof SUITES)[number];

export interface ComparedSlice extends ComparedItems {
  suite: GateSuite;
  slice: string;
  /** p after Holm's correction over the slices of its suite. */
  adjusted: number;
  /** Whether it changed beyond chance. */
  change: 'better' | 'worse' | 'same';
}

export interface GateDecision {
  /** `reject`: something got worse beyond chance. `hold`: nothing did, but the gain is not proven or too small. */
  outcome: 'promote' | 'hold' | 'reject';
  /** Why, as sentences; the first decides. */
  reasons: string[];
  target: ComparedItems;
  canary: ComparedItems;
  /** Of target and canary; worst first. */
  slices: ComparedSlice[];
  /** Items that were solved before and are not any more, and the other way round. */
  broken: { suite: GateSuite; id: string }[];
  fixed: { suite: GateSuite; id: string }[];
}

const compared = (items: readonly PairedOutcome[]): ComparedItems => {
  const difference = pairedDifference(items);
  return { ...difference, p: mcnemar(difference.broken, difference.fixed).p };
};

const bySlice = (suite: GateSuite, items: readonly GateItem[], alpha: number): ComparedSlice[] => {
  const groups = [...Map.groupBy(items, ({ slice }) => slice)];
  const each = groups.map(([slice, own]) => ({ slice, ...compared(own) }));
  const adjusted = holm(each.map(({ p }) => p));
  return each.map((one, i) => {
    const p = adjusted[i] ?? 1;
    const beyond = p < alpha && one.gain !== 0;
    return { suite, ...one, adjusted: p, change: beyond ? (one.gain > 0 ? 'better' : 'worse') : 'same' };
  });
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (gain: number): string => `${gain > 0 ? '+' : ''}${(100 * gain).toFixed(1)} points`;
const told = ({ before, after, gain, interval, n, p }: ComparedItems): string =>
  `${percent(before)} to ${percent(after)} (${points(gain)}${interval ? `, 95 % interval ${points(interval[0])} to ${points(interval[1])}` : ''}, n ${n}, p ${p < 0.001 ? 'below 0.001' : p.toFixed(3)})`;

/**
 * Whether a generation is better (design section 10): it is promoted only on a significant gain on the target with no significant
 * loss on the canary or on any slice of it. Both are frozen suites that nobody trains on; the same items were given to both.
 *
 * @throws RangeError where a suite is empty: nothing could be proven
 */
export const decideGate = (
  suites: { target: readonly GateItem[]; canary: readonly GateItem[] },
  { minimumGain, alpha }: GateRule,
): GateDecision => {
  for (const name of SUITES)
    if (suites[name].length === 0)
      throw new RangeError(`The ${name} suite has no items: nothing can be proven with it.`);
  const [target, canary] = [compared(suites.target), compared(suites.canary)];
  const canarySlices = bySlice('canary', suites.canary, alpha);
  const worse = canarySlices.filter(({ change }) => change === 'worse');
  const slices = [...bySlice('target', suites.target, alpha), ...canarySlices].sort(
    (a, b) => a.gain - b.gain,
  );
  const changed = (to: boolean): { suite: GateSuite; id: string }[] =>
    SUITES.flatMap((suite) =>
      suites[suite]
        .filter(({ before, after }) => after === to && before !== to)
        .map(({ id }) => ({ suite, id })),
    );
  const lost = canary.gain < 0 && canary.p < alpha;
  const unproven = target.gain <= 0 || target.p >= alpha;
  const decided = (outcome: GateDecision['outcome'], ...reasons: string[]): GateDecision => ({
    outcome,
    reasons: [...reasons, `Target: ${told(target)}.`, `Canary: ${told(canary)}.`],
    target,
    canary,
    slices,
    broken: changed(false),
    fixed: changed(true),
  });
  if (lost) return decided('reject', 'The canary got worse beyond chance.');
  const [first] = worse;
  if (first)
    return decided(
      'reject',
      `${worse.length === 1 ? 'A slice' : `${worse.length} slices`} of the canary got worse beyond chance: ${worse.map(({ slice }) => slice).join(', ')}.`,
    );
  if (target.gain < 0 && target.p < alpha) return decided('reject', 'The target got worse beyond chance.');
  if (unproven) return decided('hold', 'The gain on the target may be chance.');
  if (target.gain < minimumGain)
    return decided(
      'hold',
      `The gain on the target is smaller than the ${points(minimumGain)} that are asked for.`,
    );
  return decided('promote', 'The target got better beyond chance, and nothing of the canary got worse.');
};
