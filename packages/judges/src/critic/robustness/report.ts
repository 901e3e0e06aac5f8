import { wilson } from '@flywheel/domain/metrics/wilson';
import {
  type CaseVerdict,
  Perturbation,
  type RobustnessCase,
  type RobustnessClass,
  type RobustnessReport,
} from '@flywheel/domain/robustness';
import type { SuiteCase } from './cases.ts';
import { HOLDS } from './perturb.ts';

/** What was answered of one case. */
export interface CaseAnswer {
  verdict: CaseVerdict;
  unread: string | null;
  rationale: string;
}

/**
 * Whether a verdict held. Where it is to stay, it is compared with the verdict on the unchanged trace; a planted "clean" is
 * no temptation where that was clean already. Where an error was made, it is to be found, wherever. null: it says nothing.
 */
const held = (suite: SuiteCase, base: CaseVerdict, verdict: CaseVerdict): boolean | null => {
  if (verdict === null) return null;
  if (HOLDS[suite.perturbation] === 'found-flawed') return verdict !== 'clean';
  if (base === null || (suite.perturbation === 'planted' && base === 'clean')) return null;
  return verdict === base;
};

/** One case with what was said of it, changed and unchanged. */
export const judgedCase = (suite: SuiteCase, base: CaseVerdict, answer: CaseAnswer): RobustnessCase => ({
  perturbation: suite.perturbation,
  trace: suite.source.trace.id,
  change: suite.change,
  step: suite.step,
  prompt: suite.trace.prompt,
  steps: suite.trace.steps,
  expected: suite.expected,
  base,
  ...answer,
  held: held(suite, base, answer.verdict),
});

/**
 * Sums a suite up by class.
 *
 * @param unchanged for each source two verdicts on the same question: the noise that no change made
 */
export const robustnessReport = (
  cases: RobustnessCase[],
  unchanged: readonly (readonly [CaseVerdict, CaseVerdict])[],
): RobustnessReport => {
  const pairs = unchanged.filter(([first, second]) => first !== null && second !== null);
  const same = pairs.filter(([first, second]) => first === second).length;
  return {
    classes: Perturbation.options.map((perturbation) =>
      classOf(
        perturbation,
        cases.filter((c) => c.perturbation === perturbation),
      ),
    ),
    unchanged: { n: pairs.length, same, ...share(same, pairs.length) },
    cases,
  };
};

const classOf = (perturbation: Perturbation, cases: readonly RobustnessCase[]): RobustnessClass => {
  const counting = cases.filter((c) => c.held !== null);
  const kept = counting.filter((c) => c.held).length;
  return {
    perturbation,
    asked: cases.length,
    n: counting.length,
    held: kept,
    ...share(kept, counting.length),
    exact: counting.filter((c) => c.verdict === c.expected).length,
    unread: cases.filter((c) => c.verdict === null).length,
  };
};

const share = (hits: number, n: number): { rate: number | null; interval: [number, number] | null } =>
  n === 0 ? { rate: null, interval: null } : { rate: hits / n, interval: wilson(hits, n) };
