/** Letters that byte-level tokenizers write for bytes that do not show (openai/gpt-2, encoder.py); more are not needed here. */
const SHOWN = new Map([
  [' ', 'Ġ'],
  ['\n', 'Ċ'],
]);

/**
 * How a byte-level vocabulary writes a character.
 *
 * @throws RangeError for one that would be several bytes, or does not show
 */
export const shownCharacter = (character: string): string => {
  const shown = SHOWN.get(character) ?? character;
  if (!SHOWN.has(character) && !/^[!-~]$/.test(character))
    throw new RangeError(
      `The alphabet holds ${JSON.stringify(character)}; only printable ASCII, space and line break are written.`,
    );
  return shown;
};

/**
 * `tokenizer.json` of a model whose tokens are single characters, by their place, and one special token after the last: byte pairs
 * of which none are merged (huggingface.co/docs/tokenizers).
 *
 * @throws RangeError as of `shownCharacter`
 */
export const characterTokenizer = (alphabet: readonly string[], special: string) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    {
      id: alphabet.length,
      content: special,
      special: true,
      normalized: false,
      lstrip: false,
      rstrip: false,
      single_word: false,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    vocab: Object.fromEntries(
      [...alphabet.map(shownCharacter), special].map((character, id) => [character, id]),
    ),
    merges: [],
  },
});
