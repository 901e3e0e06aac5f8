import { readProblem, walk } from '../build.ts';
import { drawInt, drawOne } from '../draw.ts';
import { type Planter, skipStep } from '../plant.ts';
import { arithmeticParts } from './arithmetic.ts';
import { apply, type Operation } from './expression.ts';
import { putAt, type Ready, readyIn, writeReady } from './reduce.ts';

const OPERATIONS: readonly Operation[] = ['+', '-', '*'];

/** A number near another, as a slip makes it: off by a little, or in the tens. */
const near = (value: bigint, random: () => number): bigint =>
  value + drawOne(random, [-10n, -2n, -1n, 1n, 2n, 10n]);

const slip = (
  category: string,
  ready: Ready,
  random: () => number,
): { done: Ready; value: bigint } | null => {
  const { left, operation, right } = ready;
  const value = apply(left, operation, right);
  switch (category) {
    case 'arithmetic':
      return { done: ready, value: near(value, random) };
    case 'sign':
      return value === 0n ? null : { done: ready, value: -value };
    case 'operand': {
      const done = drawInt(random, 0, 1)
        ? { ...ready, left: near(left, random) }
        : { ...ready, right: near(right, random) };
      return { done, value: apply(done.left, operation, done.right) };
    }
    case 'operation': {
      const other = drawOne(
        random,
        OPERATIONS.filter((one) => one !== operation),
      );
      return { done: { ...ready, operation: other }, value: apply(left, other, right) };
    }
    default:
      return null;
  }
};

export const arithmeticPlanter: Planter = {
  categories: ['arithmetic', 'sign', 'operand', 'operation', 'skipped'],
  plant(prompt, solution, at, category, random) {
    if (category === 'skipped') return skipStep(solution, at);
    const problem = readProblem(arithmeticParts, prompt);
    const order = walk(arithmeticParts, problem, solution.steps).state[0]?.done ?? [];
    let rest = problem;
    const steps: string[] = [];
    for (const [index, path] of order.entries()) {
      const ready = readyIn(rest).find((one) => one.path === path);
      if (ready === undefined) return null;
      const right = { done: ready, value: apply(ready.left, ready.operation, ready.right) };
      const step = index === at ? slip(category, ready, random) : right;
      if (step === null) return null;
      // Steps before stand as they were written: operands may be the other way round there.
      steps.push(index < at ? (solution.steps[index] ?? '') : writeReady(step.done, step.value));
      rest = putAt(rest, path, step.value);
    }
    return typeof rest === 'bigint' ? { steps, answer: String(rest) } : null;
  },
};
