import { type Token, tokenize } from './tokens.ts';

/**
 * A template with one blank inside each delimiter. Text, comments, indentation and what stands between the words of a tag
 * stay as they are, so it renders the same. A template that is not well formed is given back unchanged.
 */
export const formatTemplate = (text: string): string => {
  const tokens = tokenize(text);
  if (tokens.some((t) => t.kind === 'error')) return text;
  let out = '';
  let from = 0;
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (next && spaced(token, next)) {
      const between = text.slice(token.end, next.start);
      out += text.slice(from, token.end);
      out += between.includes('\n') ? between : ' ';
      from = next.start;
    }
  });
  return out + text.slice(from);
};

const spaced = (token: Token, next: Token): boolean =>
  (token.kind === 'open' && next.kind !== 'close') || (next.kind === 'close' && token.kind !== 'open');
