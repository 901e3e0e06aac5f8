export type TokenKind =
  | 'text'
  | 'comment'
  | 'open'
  | 'close'
  | 'name'
  | 'string'
  | 'number'
  | 'operator'
  | 'error';

/** A piece of a template; `start` and `end` are UTF-16 offsets, half-open. Tokens do not overlap and come in order. */
export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
  end: number;
}

const STRING = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const NUMBER = /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const OPERATOR = /\*\*|\/\/|[=!<>]=|[-+*/%~|.,:()[\]{}<>=]/y;
const END_RAW = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

const at = (pattern: RegExp, text: string, offset: number): string | null => {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? null;
};

/**
 * The tokens of a Jinja template: text, comments and what stands in tags. Blanks in tags are left out. Any text can be
 * read: what is not closed or not Jinja becomes an `error` token. Linear in the length.
 */
export const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  const push = (kind: TokenKind, start: number, end: number): void => {
    if (end > start) tokens.push({ kind, text: text.slice(start, end), start, end });
  };
  const opening = /\{[{%#][-+]?/g;
  let from = 0;
  while (from < text.length) {
    opening.lastIndex = from;
    const found = opening.exec(text);
    if (!found) break;
    push('text', from, found.index);
    if (found[0][1] === '#') {
      const end = text.indexOf('#}', found.index + 2);
      push(end < 0 ? 'error' : 'comment', found.index, end < 0 ? text.length : end + 2);
      from = end < 0 ? text.length : end + 2;
      continue;
    }
    push('open', found.index, opening.lastIndex);
    const first = tokens.length;
    from = readTag(text, opening.lastIndex, found[0][1] === '%' ? '%}' : '}}', push);
    if (found[0][1] === '%' && tokens[first]?.text === 'raw' && tokens.at(-1)?.kind === 'close') {
      END_RAW.lastIndex = from;
      const end = END_RAW.exec(text)?.index ?? text.length;
      push('text', from, end);
      from = end;
    }
  }
  push('text', from, text.length);
  return tokens;
};

/** Reads on to the end of a tag; gives the offset behind it. */
const readTag = (
  text: string,
  start: number,
  closing: '}}' | '%}',
  push: (kind: TokenKind, start: number, end: number) => void,
): number => {
  let i = start;
  let braces = 0;
  while (i < text.length) {
    const c = text[i] as string;
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    const dash = c === '-' || c === '+' ? 1 : 0;
    if (braces === 0 && text.startsWith(closing, i + dash)) {
      push('close', i, i + dash + 2);
      return i + dash + 2;
    }
    const [kind, word] = next(text, i, c);
    if (word === '{') braces++;
    else if (word === '}' && braces > 0) braces--;
    push(kind, i, i + word.length);
    i += word.length;
  }
  return text.length;
};

const next = (text: string, i: number, c: string): [TokenKind, string] => {
  if (c === '"' || c === "'") {
    const string = at(STRING, text, i);
    return string === null ? ['error', text.slice(i)] : ['string', string];
  }
  const number = at(NUMBER, text, i);
  if (number !== null) return ['number', number];
  const name = at(NAME, text, i);
  if (name !== null) return ['name', name];
  const operator = at(OPERATOR, text, i);
  return operator === null
    ? ['error', String.fromCodePoint(text.codePointAt(i) as number)]
    : ['operator', operator];
};
