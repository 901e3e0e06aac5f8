import type { Category } from '@flywheel/domain/category';
import { shuffled } from '@flywheel/domain/metrics/random';
import type { Solution, TaskFamily } from '../family.ts';
import { arithmeticPlanter } from './arithmetic/plant.ts';
import { additionParts } from './columns/addition.ts';
import { multiplicationParts } from './columns/multiplication.ts';
import { columnsPlanter } from './columns/plant.ts';
import { dyckPlanter } from './dyck/plant.ts';
import { objectsPlanter } from './objects/plant.ts';
import type { Planter } from './plant.ts';

const PLANTERS: Readonly<Record<string, Planter>> = {
  arithmetic: arithmeticPlanter,
  addition: columnsPlanter(additionParts),
  multiplication: columnsPlanter(multiplicationParts),
  dyck: dyckPlanter,
  objects: objectsPlanter,
};

export interface Injected {
  solution: Solution;
  /** The wrong step, 0-based: what `verify` says. */
  index: number;
  category: Category;
}

/** The kinds of error that can be planted in solutions of this family; none where it is not known here. */
export const injectable = (family: TaskFamily): readonly Category[] => PLANTERS[family.id]?.categories ?? [];

/**
 * A right solution with one step made wrong, its kind and place drawn; what follows goes on rightly from the wrong
 * value, the answer included, save that a skipped step leaves the rest as it was.
 * @throws RangeError where the solution given is wrong, or no error can be planted in it
 */
export const injectError = (
  family: TaskFamily,
  prompt: string,
  solution: Solution,
  random: () => number,
): Injected => {
  const { firstError, why } = family.verify(prompt, solution);
  if (firstError !== null) throw new RangeError(`An error is planted in a right solution only: ${why}`);
  const planter = PLANTERS[family.id];
  for (const category of shuffled(planter?.categories ?? [], random))
    for (const index of shuffled([...solution.steps.keys()], random)) {
      const wrong = planter?.plant(prompt, solution, index, category, random) ?? null;
      // By chance what is written may be right elsewhere, e.g. an operand copied wrongly is that of another bracket.
      if (wrong !== null && family.verify(prompt, wrong).firstError === index)
        return { solution: wrong, index, category };
    }
  throw new RangeError(`${family.id}: no error can be planted in the solution of ${prompt}.`);
};
