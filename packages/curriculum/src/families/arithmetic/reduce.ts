import { apply, type Expression, type Operated } from './expression.ts';

/** An operation on two numbers within an expression, and the way to it from the top: `l` and `r`. */
export interface Ready {
  path: string;
  left: bigint;
  operation: Operated['operation'];
  right: bigint;
}

/** The operations that can be done next, from the left. */
export const readyIn = (expression: Expression, path = ''): Ready[] => {
  if (typeof expression === 'bigint') return [];
  const { left, operation, right } = expression;
  return typeof left === 'bigint' && typeof right === 'bigint'
    ? [{ path, left, operation, right }]
    : [...readyIn(left, `${path}l`), ...readyIn(right, `${path}r`)];
};

/** The expression with `value` at the end of the path. */
export const putAt = (expression: Expression, path: string, value: bigint): Expression => {
  if (path === '' || typeof expression === 'bigint') return value;
  return path.startsWith('l')
    ? { ...expression, left: putAt(expression.left, path.slice(1), value) }
    : { ...expression, right: putAt(expression.right, path.slice(1), value) };
};

export const writeReady = ({ left, operation, right }: Omit<Ready, 'path'>, value: bigint): string =>
  `${left}${operation}${right}=${value}`;

/** Operations done in their order of evaluation: from the left, what brackets and precedence put first before the rest. */
export const evaluate = (expression: Expression): { steps: string[]; value: bigint } => {
  const steps: string[] = [];
  let rest = expression;
  for (;;) {
    if (typeof rest === 'bigint') return { steps, value: rest };
    const [ready] = readyIn(rest) as [Ready];
    const value = apply(ready.left, ready.operation, ready.right);
    steps.push(writeReady(ready, value));
    rest = putAt(rest, ready.path, value);
  }
};
