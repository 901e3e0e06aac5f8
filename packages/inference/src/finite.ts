import type { Engine } from './engine.ts';

/** A model gave something that is no figure. */
export class NotFinite extends Error {
  constructor(figure: number, of: string) {
    super(
      `The model gives ${figure} as ${of}: its weights are damaged, or float16 is too narrow for it. Fetch it again, or load another precision.`,
    );
    this.name = 'NotFinite';
  }
}

/** A figure that is one. @param of says of what, in words, where it is none @throws NotFinite */
export const finite = (figure: number, of: () => string): number => {
  if (Number.isFinite(figure)) return figure;
  throw new NotFinite(figure, of());
};

/**
 * Refuses tokens that the model does not have: devices of graphics read something else for them, and say nothing.
 *
 * @param kind as people call one of them, e.g. `Text`
 * @throws Error that names text and token
 */
export const checkTokens = (
  { vocabulary }: Engine,
  texts: readonly (readonly number[])[],
  kind: string,
): void => {
  for (const [t, ids] of texts.entries())
    for (const id of ids)
      if (!Number.isInteger(id) || id < 0 || id >= vocabulary)
        throw new Error(
          `${kind} ${t} holds the token ${id}, but the model has ${vocabulary}: its tokenizer belongs to another model.`,
        );
};
