import { buildFamily, type FamilyParts, quoted, Wrong } from '../build.ts';
import { apply, type Expression, operationsOf, parseExpression, printExpression } from './expression.ts';
import { drawArithmetic } from './problem.ts';
import { evaluate, putAt, type Ready, readyIn } from './reduce.ts';

/** What is left of an expression, and the ways to the operations done, in order. */
export interface Reduced {
  rest: Expression;
  done: readonly string[];
}

const STEP = /^(-?\d+)([-+*])(-?\d+)=(-?\d+)$/;

const isOf = (ready: Ready, left: bigint, operation: string, right: bigint): boolean =>
  ready.operation === operation &&
  ((ready.left === left && ready.right === right) ||
    (operation !== '-' && ready.left === right && ready.right === left));

/** Equal operations may stand in several places: all that a step can mean is kept, each expression once. */
export const arithmeticParts: FamilyParts<Expression, readonly Reduced[]> = {
  id: 'arithmetic',
  label: 'Arithmetic in steps',
  features: [
    { name: 'depth', label: 'operations', values: [1, 2, 3, 4] },
    { name: 'product', label: 'has a product', values: [0, 1] },
  ],
  draw: ({ depth = 1, product }, random) => drawArithmetic(depth, product === 1, random),
  read(prompt) {
    const expression = prompt.endsWith('=') ? parseExpression(prompt.slice(0, -1)) : null;
    return typeof expression === 'bigint' ? null : expression;
  },
  measure(expression) {
    const operations = operationsOf(expression);
    return { depth: operations.length, product: operations.includes('*') ? 1 : 0 };
  },
  solve(expression) {
    const { steps, value } = evaluate(expression);
    return { steps, answer: String(value) };
  },
  begin: (expression) => [{ rest: expression, done: [] }],
  next(state, step) {
    const [, left, operation, right, value] = STEP.exec(step) ?? [];
    if (left === undefined || operation === undefined || right === undefined || value === undefined)
      return new Wrong(`${quoted(step)} is no step like 3+4=7.`);
    const after = new Map<string, Reduced>();
    let is: bigint | null = null;
    for (const { rest, done } of state)
      for (const ready of readyIn(rest)) {
        if (!isOf(ready, BigInt(left), operation, BigInt(right))) continue;
        is = apply(ready.left, ready.operation, ready.right);
        const next = putAt(rest, ready.path, is);
        after.set(printExpression(next), { rest: next, done: [...done, ready.path] });
      }
    const written = step.slice(0, step.indexOf('='));
    if (is === null) {
      const rest = state[0] === undefined ? '' : printExpression(state[0].rest);
      return new Wrong(`${quoted(written)} is not to be done next in ${rest}.`);
    }
    return String(is) === value
      ? [...after.values()]
      : new Wrong(`${written} is ${is}, not ${quoted(value)}.`);
  },
  wanting(state) {
    const rest = state[0]?.rest;
    return rest === undefined || typeof rest === 'bigint'
      ? ''
      : `${printExpression(rest)} is left to be done before the answer.`;
  },
};

export const arithmetic = buildFamily(arithmeticParts);
