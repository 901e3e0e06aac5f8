import type { Example } from './example.ts';

/**
 * Texts of an alphabet as token ids, one a character, by its place there. One more token, after the last, stands for nothing: it
 * fills rows where a program needs such a token.
 */
export class Characters {
  readonly alphabet: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  /** @throws RangeError where a character comes twice */
  constructor(alphabet: string) {
    this.alphabet = [...alphabet];
    this.ids = new Map(this.alphabet.map((character, id) => [character, id]));
    if (this.ids.size !== this.alphabet.length)
      throw new RangeError('A character comes twice in the alphabet.');
  }

  /** Tokens that there are. */
  get vocabulary(): number {
    return this.alphabet.length + 1;
  }

  /** @throws RangeError that names the first character that is not in the alphabet, and its place */
  encode(text: string): number[] {
    return [...text].map((character, i) => {
      const id = this.ids.get(character);
      if (id === undefined)
        throw new RangeError(
          `The character ${JSON.stringify(character)} at ${i} is not in the model's alphabet.`,
        );
      return id;
    });
  }

  decode(ids: readonly number[]): string {
    return ids.map((id) => this.alphabet[id] ?? '').join('');
  }

  example(prompt: string, completion: string): Example {
    return { prompt: this.encode(prompt), completion: this.encode(completion) };
  }
}
