import { expect, it } from 'vitest';
import { estimateTokens, mostTokens } from './chat.ts';

/** Tokens by the larger of o200k_base and cl100k_base (gpt-tokenizer 4.0), had they split every digit, as Llama's and Qwen's do. */
it.each([
  ['Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May.', 26],
  ['She makes 9 * 2 = $<<9*2=18>>18 every day at the farmer’s market.', 27],
  ['1234567890 + 987654321 = 2222222211', 33],
  ['const plain = (code >= 97 && code <= 122) || code === 32;', 24],
  ['娜塔莉亚在四月份卖了48个夹子。', 24],
  ['Сколько всего уток? Семь. 🦆🦆', 19],
])('estimates no fewer tokens than tokenizers take: %s', (text, tokens) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
});

it('estimates of prose are within twice of the truth', () => {
  const text = 'Natalia sold clips to friends in April, and then she sold half as many clips in May. '.repeat(
    20,
  );
  // o200k_base: 19 tokens a repetition.
  expect(estimateTokens(text)).toBeLessThan(2 * 19 * 20);
});

it('a request may use its messages and the longest answer', () => {
  const messages = ['abc', '12'].map((content) => ({ role: 'user' as const, content }));
  expect(mostTokens({ model: 'm', messages, params: { maxTokens: 50 }, schema: null })).toEqual({
    input: 4 + 1 + 4 + 2,
    output: 50,
  });
});
