import { type Perturb, pick } from './perturb.ts';

/** Numbers of a text as they are written, without separators: `1,200` is `1200`. */
const numbersOf = (text: string): Set<string> =>
  new Set([...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map((m) => m[0].replaceAll(',', '').replace(/\.$/, '')));

/**
 * Pairs of steps of which the later one is the first to use a number that the earlier one brought in: swapped, the use
 * comes before its reason.
 */
const dependencies = (prompt: string, steps: readonly string[]): { maker: number; user: number }[] => {
  const known = numbersOf(prompt);
  const numbers = steps.map(numbersOf);
  return steps.flatMap((_, maker) => {
    const made = [...(numbers[maker] ?? [])].filter((n) => n.length > 1 && !known.has(n));
    for (const n of numbers[maker] ?? []) known.add(n);
    const user = numbers.findIndex((own, at) => at > maker && made.some((n) => own.has(n)));
    return user < 0 ? [] : [{ maker, user }];
  });
};

/** A step is moved behind the one that uses its result, so that this one no longer follows from what stands before it. */
export const shuffled: Perturb = ({ trace, position }, random) => {
  const pair = pick(dependencies(trace.prompt, trace.steps), random);
  if (!pair) return null;
  const { maker, user } = pair;
  const order = trace.steps.map((_, i) => i).filter((i) => i !== maker);
  order.splice(user, 0, maker);
  const unfounded = user - 1;
  const expected = position === 'clean' ? unfounded : Math.min(unfounded, order.indexOf(position));
  return {
    trace: { ...trace, steps: order.map((i) => trace.steps[i] ?? '') },
    expected,
    change: `S${maker} was moved behind S${user}, which uses its result`,
    step: unfounded,
  };
};
