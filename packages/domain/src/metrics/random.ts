/** A seeded generator of numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain). Same seed, same sequence. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

/** All of them in another order, each order as likely (Fisher and Yates; Durstenfeld 1964). */
export const shuffled = <T>(from: readonly T[], random: () => number): T[] => {
  const all = [...from];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
};

/** A number of the normal distribution with mean 0 and deviation 1 (Box and Muller 1958). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
