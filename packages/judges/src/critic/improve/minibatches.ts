import { shuffled } from '@flywheel/domain/metrics/random';

/** Indexes in batches of `size`: each once, in a seeded order, before any comes again. */
export const minibatches = (n: number, size: number, random: () => number): (() => number[]) => {
  let left: number[] = [];
  const refill = (): void => {
    left.push(
      ...shuffled(
        Array.from({ length: n }, (_, i) => i),
        random,
      ),
    );
  };
  return () => {
    const batch: number[] = [];
    while (batch.length < Math.min(size, n)) {
      if (left.length === 0) refill();
      const next = left.findIndex((i) => !batch.includes(i));
      if (next < 0) refill();
      else batch.push(...left.splice(next, 1));
    }
    return batch;
  };
};
