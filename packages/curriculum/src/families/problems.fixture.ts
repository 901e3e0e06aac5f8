import { seededRandom } from '@flywheel/domain/metrics/random';
import { slicesOf } from '../slice.ts';
import { FAMILIES, familyOf } from './registry.ts';

/** `each` problems of every slice of the families (all of them, unless named), with random numbers of their own. */
export const problems = (each: number, ids: readonly string[] = FAMILIES.map(({ id }) => id)) =>
  ids
    .map(familyOf)
    .flatMap((family) =>
      slicesOf(family).flatMap((slice) => Array.from({ length: each }, () => ({ family, slice }))),
    )
    .map((one, seed) => {
      const random = seededRandom(seed);
      return { ...one, seed, random, prompt: one.family.generate(one.slice.features, random) };
    });
