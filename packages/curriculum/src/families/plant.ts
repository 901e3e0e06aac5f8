import type { Category } from '@flywheel/domain/category';
import type { Solution } from '../family.ts';

/** How errors are planted in the solutions of a family. */
export interface Planter {
  categories: readonly Category[];
  /**
   * The solution with step `at` (0-based) wrong in this way, and what follows going on rightly from it.
   * Null where this cannot be had there. The solution given is a right one.
   */
  plant(
    prompt: string,
    solution: Solution,
    at: number,
    category: Category,
    random: () => number,
  ): Solution | null;
}

/** The solution as it would be had step `at` not been written; null where that step is the last. */
export const skipStep = ({ steps, answer }: Solution, at: number): Solution | null =>
  at < steps.length - 1 ? { steps: steps.toSpliced(at, 1), answer } : null;
