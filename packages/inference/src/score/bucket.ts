/**
 * Texts in batches of like length: indices, the longest first, such that rows times the longest row is at most `tokens`. A text
 * that is longer by itself is a batch of its own; texts without a second token are left out, as there is nothing to score.
 */
export const bucket = (lengths: readonly number[], tokens: number): number[][] => {
  const order = lengths.flatMap((length, i) => (length > 1 ? [i] : []));
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let width = 0;
  for (const i of order) {
    if (batch.length > 0 && (batch.length + 1) * width > tokens) {
      batches.push(batch);
      batch = [];
    }
    if (batch.length === 0) width = lengths[i] ?? 0;
    batch.push(i);
  }
  return batch.length === 0 ? batches : [...batches, batch];
};
