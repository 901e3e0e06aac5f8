import { shuffled } from '@flywheel/domain/metrics/random';
import { readProblem } from '../build.ts';
import { drawInt, drawOne } from '../draw.ts';
import { type Planter, skipStep } from '../plant.ts';
import { afterSwap, type Held, objectsParts, writeSwap } from './objects.ts';

/** The swap as it is written, and who holds what after it: what follows goes on from that. */
const slip = (
  category: string,
  swap: string,
  before: Held,
  random: () => number,
): { swap: string; held: Held } | null => {
  const people = [...before.keys()];
  const third = drawOne(
    random,
    people.filter((person) => !swap.includes(person)),
  );
  switch (category) {
    case 'operation':
      return { swap, held: before };
    case 'operand':
      return { swap, held: afterSwap(before, swap.charAt(drawInt(random, 0, 1)) + third) };
    case 'misread': {
      const other = swap.charAt(drawInt(random, 0, 1)) + third;
      return { swap: other, held: afterSwap(before, other) };
    }
    case 'contradiction': {
      const after = afterSwap(before, swap);
      const [one = '', other = ''] = shuffled(people, random);
      return { swap, held: new Map([...after, [one, after.get(other) ?? '']]) };
    }
    default:
      return null;
  }
};

export const objectsPlanter: Planter = {
  categories: ['operation', 'operand', 'misread', 'contradiction', 'skipped'],
  plant(prompt, solution, at, category, random) {
    if (category === 'skipped') return skipStep(solution, at);
    const { held, swaps, asked } = readProblem(objectsParts, prompt);
    if (held.size < 3) return null;
    let now = held;
    const steps = swaps.map((swap, index) => {
      const written = (index === at ? slip(category, swap, now, random) : null) ?? {
        swap,
        held: afterSwap(now, swap),
      };
      now = written.held;
      return index < at ? (solution.steps[index] ?? '') : writeSwap(written.swap, now);
    });
    return { steps, answer: now.get(asked) ?? '' };
  },
};
