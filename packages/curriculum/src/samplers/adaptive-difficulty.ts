import { generationsOf, oldestRate, passRate, type SlicePassRate } from './pass-rate.ts';
import { withFloor } from './shares.ts';

/** Of the paper: step, sensitivity, and the pass rate that is aimed at. Difficulties lie in 0..100. */
const [ETA, ALPHA, BETA, HARDEST] = [50, 2, 0.5, 100];
/** Difficulties this far from the target have e⁻¹ of its weight: the paper takes the nearest problems, we have few slices. */
const WIDTH = 15;
const FLOOR = 0.1;

/**
 * AdaRFT (Shi et al. 2025, algorithm 1): the target difficulty T starts at 0, and after each generation
 * T ← clip(T + η tanh(α (R - β)), 0, 100), where R is how much was solved of what was then aimed at, among what was measured. A
 * slice's difficulty is what failed of it when it was first measured, in percent. The path of T is taken as if this sampler had
 * decided all along: after generations that another one decided, it is where it would be, not where it was.
 */
export const adaptiveDifficulty = (slices: readonly SlicePassRate[]): number[] => {
  const difficulties = slices.map((slice) => HARDEST * (1 - oldestRate(slice)));
  const aimed = (target: number): number[] =>
    withFloor(
      difficulties.map((difficulty) => Math.exp(-Math.abs(difficulty - target) / WIDTH)),
      FLOOR,
    );
  let target = 0;
  for (let generation = 0; generation < generationsOf(slices); generation++) {
    const tried = slices.flatMap(({ history }, i) => {
      const tally = history[generation];
      return tally && tally.n > 0 ? [{ share: aimed(target)[i] as number, rate: passRate(tally) }] : [];
    });
    if (tried.length === 0) continue;
    const whole = tried.reduce((sum, { share }) => sum + share, 0);
    const solved = tried.reduce((sum, { share, rate }) => sum + (share / whole) * rate, 0);
    target = Math.min(HARDEST, Math.max(0, target + ETA * Math.tanh(ALPHA * (solved - BETA))));
  }
  return aimed(target);
};
