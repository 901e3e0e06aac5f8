import type { Expression } from './expression.ts';

/** All that the roots are made of, each after its inputs, once. */
export const inOrder = (
  roots: readonly Expression[],
  inputsOf: (of: Expression) => readonly Expression[] = ({ inputs }) => inputs,
): Expression[] => {
  const order: Expression[] = [];
  const seen = new Set<Expression>();
  // A stack of our own: graphs are deeper than the engine's.
  const stack = roots.toReversed().map((of) => ({ of, entered: false }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { of, entered } = top;
    if (entered) order.push(of);
    else if (!seen.has(of)) {
      seen.add(of);
      stack.push({ of, entered: true });
      for (const x of inputsOf(of).toReversed()) if (!seen.has(x)) stack.push({ of: x, entered: false });
    }
  }
  return order;
};
