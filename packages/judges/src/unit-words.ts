import type { Token } from './arithmetic-text.ts';
import { isScale } from './units.ts';

/** A token; a number or a closing parenthesis with the units that belong to it. */
export type Item = Token & { units?: string[] };

const MAX_UNIT_WORDS = 3;
/** Words that do not belong to a number before them. */
const NO_UNIT = new Set(
  'and or is are was were has have had than then so to for in from with he she they it but because which that if when at on after gives get gets left total of more less times'.split(
    ' ',
  ),
);

const singular = (word: string): string => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word);

/** The unit words from `from` on (`red apples`, `/hour`, `(boxes)`), and where they end. */
const unitWords = (tokens: readonly Token[], from: number): [string[], number] => {
  const words: string[] = [];
  const bracket = tokens[from]?.kind === 'open' && tokens[from + 1]?.kind === 'word';
  let j = bracket ? from + 1 : from;
  for (; words.length < MAX_UNIT_WORDS; j++) {
    const t = tokens[j];
    if (t?.kind === 'op' && t.text === '/' && tokens[j + 1]?.kind === 'word') continue;
    if (t?.kind !== 'word' || NO_UNIT.has(t.text) || !/^\p{L}/u.test(t.text)) break;
    words.push(singular(t.text));
  }
  if (!bracket) return [words, j];
  return tokens[j]?.kind === 'close' ? [words, j + 1] : [[], from];
};

/** Ends with `20%` or `3/4`: what `of` multiplies. */
const isShare = (items: readonly Item[]): boolean => {
  const [a, b, c] = items.slice(-3);
  const last = items.at(-1);
  if (last?.kind !== 'number') return false;
  return (
    last.text.endsWith('%') ||
    last.text.startsWith('(') ||
    (a?.kind === 'number' && b?.text === '/' && c === last)
  );
};

/**
 * Gives each number the unit words behind it: `5 red apples *`, `20 miles/hour =`, `3 (boxes) +`. They leave the list
 * only when arithmetic goes on behind them; else they bound the expression.
 */
export const withUnits = (tokens: readonly Token[]): Item[] => {
  const items: Item[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.kind === 'word' && token.text === 'of' && isShare(items) && tokens[i + 1]?.kind === 'number') {
      items.push({ ...token, kind: 'op', text: '*' });
      continue;
    }
    if (token.kind !== 'number' && token.kind !== 'close') {
      items.push(token);
      continue;
    }
    const [words, j] = unitWords(tokens, i + 1);
    const next = tokens[j];
    const goesOn = !next || ['op', 'equals', 'close', 'break'].includes(next.kind);
    const units = [
      ...(token.currency ? [token.currency] : []),
      ...words.filter((w, k) => k === words.length - 1 || isScale(w)),
    ];
    const percent = units.includes('percent') && !token.text.endsWith('%');
    items.push({
      ...token,
      ...(percent && { text: `${token.text}%` }),
      units: units.filter((u) => u !== 'percent'),
    });
    if (goesOn) i = j - 1;
  }
  return items;
};
