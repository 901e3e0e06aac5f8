/** A text to learn from, as token ids: the loss is on the completion's tokens only. */
export interface Example {
  prompt: readonly number[];
  completion: readonly number[];
}

/** Positions of a row that a text takes: each token but the last is read, each but the first is foretold. */
export const positionsOf = ({ prompt, completion }: Example): number => prompt.length + completion.length - 1;
