import type { Features, TaskFamily } from './family.ts';

/** A family at one value of each feature: what pass rates, samplers and suites are kept by. */
export interface FamilySlice {
  /** e.g. `arithmetic depth=3 product=1`: the family, then its features in the family's order. */
  key: string;
  family: string;
  features: Features;
}

export const sliceKey = (family: TaskFamily, features: Features): string =>
  [family.id, ...family.features.map(({ name }) => `${name}=${features[name] ?? 0}`)].join(' ');

/** Every combination of a family's feature values, the last feature varying fastest. */
export const slicesOf = (family: TaskFamily): FamilySlice[] => {
  const combinations = family.features.reduce<Record<string, number>[]>(
    (all, { name, values }) =>
      all.flatMap((features) => values.map((value) => ({ ...features, [name]: value }))),
    [{}],
  );
  return combinations.map((features) => ({ key: sliceKey(family, features), family: family.id, features }));
};
