/** Indexes in batches of `size`: each once, in a seeded order, before any comes again. */
export const minibatches = (n: number, size: number, random: () => number): (() => number[]) => {
  let left: number[] = [];
  const refill = (): void => {
    const order = Array.from({ length: n }, (_, i) => i);
    // Fisher and Yates.
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    left.push(...order);
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
