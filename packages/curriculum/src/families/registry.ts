import type { TaskFamily } from '../family.ts';
import { arithmetic } from './arithmetic/arithmetic.ts';
import { addition } from './columns/addition.ts';
import { multiplication } from './columns/multiplication.ts';
import { dyck } from './dyck/dyck.ts';
import { objects } from './objects/objects.ts';

/** Every family. No prompt is of two of them. */
export const FAMILIES: readonly TaskFamily[] = [arithmetic, addition, multiplication, dyck, objects];

/** @throws RangeError that names the families there are */
export const familyOf = (id: string): TaskFamily => {
  const family = FAMILIES.find((one) => one.id === id);
  if (family === undefined)
    throw new RangeError(
      `There is no task family ${id}; there are ${FAMILIES.map((one) => one.id).join(', ')}.`,
    );
  return family;
};
