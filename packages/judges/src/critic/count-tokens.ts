/** Families of tokenizers that are told apart. */
export type TokenFamily = 'o200k' | 'cl100k' | 'llama' | 'qwen' | 'claude';

export interface TokenCount {
  family: TokenFamily;
  tokens: number;
  /** false: from a ratio to `o200k`, not from the family's own tokenizer. */
  exact: boolean;
}

/**
 * Tokens of a family for one of o200k. Rough, and rounded up: Llama 3 (128k words) and Qwen 2.5 (152k) are near o200k in
 * English, Qwen splits every digit; Anthropic does not publish Claude's tokenizer.
 */
const RATIO = { llama: 1.05, qwen: 1.2, claude: 1.25 } as const;

/** Special tokens such as `<|endoftext|>` are plain text in a trace. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/**
 * Tokens of a text by family; exact for OpenAI's (o200k: GPT-4o and later; cl100k: GPT-4, 3.5). The vocabularies, some
 * megabytes each, are loaded at the first call.
 */
export const countTokens = async (text: string): Promise<TokenCount[]> => {
  const [o200k, cl100k] = await Promise.all([
    import('gpt-tokenizer/encoding/o200k_base'),
    import('gpt-tokenizer/encoding/cl100k_base'),
  ]);
  const base = o200k.countTokens(text, PLAIN);
  return [
    { family: 'o200k', tokens: base, exact: true },
    { family: 'cl100k', tokens: cl100k.countTokens(text, PLAIN), exact: true },
    ...(['llama', 'qwen', 'claude'] as const).map((family) => ({
      family,
      tokens: Math.ceil(base * RATIO[family]),
      exact: false,
    })),
  ];
};
