import type { BatchShape } from '../llama/training-graph.ts';
import { type Example, positionsOf } from './example.ts';

/** One update's texts as the training graph takes them; each tensor is [rows, length], row-major. */
export interface Batch {
  tokens: Int32Array;
  /** The token that follows. */
  targets: Int32Array;
  /** Which text of its row a token is of, from 1; 0 where there is none. */
  segments: Int32Array;
  /** What a position counts for in the loss: equal for all that foretell a completion's token, 0 elsewhere; they sum to 1. */
  counts: Float32Array;
  /** Tokens of completions. */
  learned: number;
  /** Positions that texts take, of rows · length. */
  filled: number;
}

/**
 * Puts texts into rows, each into the first that has room (first fit, Johnson 1973).
 *
 * @returns for each text its row and its first position there, and how many texts went in before one found no room
 */
const place = (
  examples: readonly Example[],
  { rows, length }: BatchShape,
): { row: number; from: number }[] => {
  const used = new Array<number>(rows).fill(0);
  const places: { row: number; from: number }[] = [];
  for (const example of examples) {
    const needed = positionsOf(example);
    const row = used.findIndex((from) => from + needed <= length);
    if (row < 0) break;
    places.push({ row, from: used[row] ?? 0 });
    used[row] = (used[row] ?? 0) + needed;
  }
  return places;
};

/** How many of the texts, from the first, fit into one batch. */
export const fitting = (examples: readonly Example[], shape: BatchShape): number =>
  place(examples, shape).length;

/**
 * Packs texts into one batch.
 *
 * @throws RangeError where a text is longer than a row, has no prompt or no completion, or not all fit
 */
export const pack = (examples: readonly Example[], shape: BatchShape): Batch => {
  for (const [i, example] of examples.entries()) checkExample(example, i, shape.length);
  const places = place(examples, shape);
  if (places.length < examples.length)
    throw new RangeError(`${examples.length} texts do not fit into ${shape.rows} rows of ${shape.length}.`);
  const size = shape.rows * shape.length;
  const batch: Batch = {
    tokens: new Int32Array(size),
    targets: new Int32Array(size),
    segments: new Int32Array(size),
    counts: new Float32Array(size),
    learned: examples.reduce((n, { completion }) => n + completion.length, 0),
    filled: examples.reduce((n, example) => n + positionsOf(example), 0),
  };
  const texts = new Array<number>(shape.rows).fill(0);
  for (const [i, { row, from }] of places.entries()) {
    const { prompt, completion } = examples[i] as Example;
    const ids = [...prompt, ...completion];
    const segment = (texts[row] ?? 0) + 1;
    texts[row] = segment;
    for (let t = 0; t + 1 < ids.length; t++) {
      const at = row * shape.length + from + t;
      batch.tokens[at] = ids[t] as number;
      batch.targets[at] = ids[t + 1] as number;
      batch.segments[at] = segment;
      if (t + 1 >= prompt.length) batch.counts[at] = 1 / batch.learned;
    }
  }
  return batch;
};

/** @throws RangeError that names the text by its number */
export const checkExample = (example: Example, number: number, length: number): void => {
  if (example.prompt.length === 0) throw new RangeError(`Text ${number} has no prompt.`);
  if (example.completion.length === 0) throw new RangeError(`Text ${number} has no completion.`);
  if (positionsOf(example) > length)
    throw new RangeError(
      `Text ${number} has ${positionsOf(example) + 1} tokens; ${length + 1} at most fit. Leave it out, or train with longer rows.`,
    );
};
