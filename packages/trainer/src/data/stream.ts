import { seededRandom, shuffled } from '@flywheel/domain/metrics/random';
import type { BatchShape } from '../llama/training-graph.ts';
import type { Example } from './example.ts';
import { type Batch, checkExample, fitting, pack } from './pack.ts';

export interface StreamOptions extends BatchShape {
  /** Tokens of completions of an update, at most: it ends before the text that would pass it, but has one at least. */
  learned: number;
  /** Of the order in which texts come, another one in each epoch. */
  seed: number;
}

/**
 * Updates from a list of texts, one epoch after another. Where it stands is one number, so that what was interrupted goes on with
 * the text that would have come next.
 */
export class ExampleStream {
  /** Texts that were taken since the start. */
  taken: number;
  private readonly examples: readonly Example[];
  private readonly options: StreamOptions;
  private epoch = -1;
  private order: readonly Example[] = [];

  /** @throws RangeError that names the text by its number, where one cannot be learned from */
  constructor(examples: readonly Example[], options: StreamOptions, taken = 0) {
    if (examples.length === 0) throw new RangeError('There is no text to learn from.');
    for (const [i, example] of examples.entries()) checkExample(example, i, options.length);
    this.examples = examples;
    this.options = options;
    this.taken = taken;
  }

  next(): Batch {
    const chosen: Example[] = [];
    let learned = 0;
    for (;;) {
      const example = this.at(this.taken + chosen.length);
      learned += example.completion.length;
      if (chosen.length > 0 && learned > this.options.learned) break;
      if (fitting([...chosen, example], this.options) <= chosen.length) break;
      chosen.push(example);
    }
    this.taken += chosen.length;
    return pack(chosen, this.options);
  }

  private at(number: number): Example {
    const epoch = Math.floor(number / this.examples.length);
    if (epoch !== this.epoch) {
      this.order = shuffled(this.examples, seededRandom(this.options.seed + epoch));
      this.epoch = epoch;
    }
    return this.order[number % this.examples.length] as Example;
  }
}
