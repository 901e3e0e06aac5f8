import type { Position } from '../judgement.ts';
import { wilson } from './wilson.ts';

export interface NoiseFloor {
  /** Items with two or more readable repetitions. */
  n: number;
  /** Chance that two single answers to one unchanged prompt differ, averaged over items; null without items. */
  rate: number | null;
  /** 95 %, over items whose first two repetitions differ or not. */
  interval: [number, number] | null;
  /** Items on which any two repetitions differ: the more are asked for, the more such items there are. */
  everFlipped: { count: number; share: number | null; interval: [number, number] | null };
}

/**
 * How often a judge contradicts itself: what part of the flips between two versions would be there between two runs of one.
 *
 * @param repetitions for each item the verdicts of its repetitions; null: the answer could not be read
 */
export const noiseFloor = (repetitions: readonly (readonly (Position | null)[])[]): NoiseFloor => {
  let n = 0;
  let sum = 0;
  let firstDiffer = 0;
  let everFlipped = 0;
  for (const item of repetitions) {
    const read = item.filter((p): p is Position => p !== null);
    if (read.length < 2) continue;
    n++;
    if (read[0] !== read[1]) firstDiffer++;
    const counts = new Map<Position, number>();
    for (const p of read) counts.set(p, (counts.get(p) ?? 0) + 1);
    if (counts.size > 1) everFlipped++;
    // Pairs that agree, of all pairs.
    let agree = 0;
    for (const c of counts.values()) agree += c * (c - 1);
    sum += 1 - agree / (read.length * (read.length - 1));
  }
  if (n === 0)
    return { n, rate: null, interval: null, everFlipped: { count: 0, share: null, interval: null } };
  return {
    n,
    rate: sum / n,
    interval: wilson(firstDiffer, n),
    everFlipped: { count: everFlipped, share: everFlipped / n, interval: wilson(everFlipped, n) },
  };
};
