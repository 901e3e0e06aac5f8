// How long figures with intervals take: two judges on the same items, as `critic compare` and the comparison strip ask for.
import type { TraceId } from '@flywheel/domain/ids';
import type { Position } from '@flywheel/domain/judgement';
import { type ComparedItem, compareJudges } from '@flywheel/domain/metrics/compare-judges';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { machine, ms } from '../machine.ts';

const RESAMPLES = 1_000;
const ROUNDS = 5;

const items = (n: number): ComparedItem[] => {
  const random = seededRandom(1);
  const said = (gold: Position): Position =>
    random() < 0.6 ? gold : random() < 0.3 ? 'clean' : Math.floor(random() * 12);
  return Array.from({ length: n }, (_, i) => {
    const gold = random() < 0.4 ? 'clean' : Math.floor(random() * 12);
    return { trace: i.toString(16).padStart(16, '0') as TraceId, gold, a: said(gold), b: said(gold) };
  });
};

/** Milliseconds of the fastest round; the first ones warm up. */
const fastest = (work: () => unknown): number => {
  const times = Array.from({ length: ROUNDS }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return Math.min(...times);
};

/** The draws alone: what any bootstrap of so many resamples costs here. */
const draws = (n: number): number => {
  const random = seededRandom(1);
  let sum = 0;
  for (let i = 0; i < n * RESAMPLES; i++) sum += Math.floor(random() * n);
  return sum;
};

console.log(machine());
for (const n of [1_000, 10_000, 100_000]) {
  const compared = items(n);
  const took = fastest(() => compareJudges(compared, { resamples: RESAMPLES }));
  const alone = fastest(() => draws(n));
  console.log(
    `compareJudges ${n.toLocaleString('en').padStart(7)} items x ${RESAMPLES.toLocaleString('en')} resamples: ${ms(took).padStart(8)}, ${(took / alone).toFixed(1)} times the draws alone (${ms(alone)})`,
  );
}
