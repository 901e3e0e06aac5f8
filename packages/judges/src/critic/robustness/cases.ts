import { seededRandom } from '@flywheel/domain/metrics/random';
import { seedOf } from '@flywheel/domain/metrics/seed-of';
import { Perturbation } from '@flywheel/domain/robustness';
import { broken } from './broken.ts';
import { injected } from './injected.ts';
import type { KnownTrace, Perturb, Perturbed } from './perturb.ts';
import { planted } from './planted.ts';
import { renamed } from './renamed.ts';
import { shuffled } from './shuffled.ts';

const PERTURBS: Readonly<Record<Perturbation, Perturb>> = { planted, shuffled, broken, injected, renamed };

/** A changed trace to ask about, and the trace that it was made from. */
export interface SuiteCase extends Perturbed {
  perturbation: Perturbation;
  source: KnownTrace;
}

/**
 * The cases of a robustness suite: of each class at most `perClass`, those of which a person said where the first error is
 * before those that only verifiers know, else drawn by seed. The same cases for the same traces and seed, in any order.
 */
export const suiteCases = (
  known: readonly KnownTrace[],
  { perClass, seed }: { perClass: number; seed: number },
): SuiteCase[] =>
  Perturbation.options.flatMap((perturbation) => {
    const drawn = known
      .map((source) => ({
        source,
        random: seededRandom(seedOf(`${seed} ${perturbation} ${source.trace.id}`)),
      }))
      .map(({ source, random }) => ({ source, random, at: random() + (source.judged ? 0 : 1) }))
      .sort((a, b) => a.at - b.at || (a.source.trace.id < b.source.trace.id ? -1 : 1));
    const cases: SuiteCase[] = [];
    for (const { source, random } of drawn) {
      if (cases.length === perClass) break;
      const made = PERTURBS[perturbation](source, random);
      if (made) cases.push({ ...made, perturbation, source });
    }
    return cases;
  });
