import { findByPattern } from './answer-pattern.ts';

/**
 * Where models write their final answer. Fixed patterns: each takes time linear in the text.
 * The last place in a text counts.
 */
export const ANSWER_PLACES = ['hashes', 'boxed', 'the-answer-is', 'answer-line', 'last-line'] as const;
export type AnswerPlace = (typeof ANSWER_PLACES)[number];
/** A known place, or a pattern of the user's own. */
export type AnswerSource = AnswerPlace | { pattern: string };

const lastMatch = (text: string, pattern: RegExp): string | null => {
  let found: string | null = null;
  for (const match of text.matchAll(pattern)) found = match[1]?.trim() || found;
  return found;
};

/** What stands in the last `\boxed{}` or `\fbox{}`, whose braces may nest. */
const boxed = (text: string): string | null => {
  const open = Math.max(text.lastIndexOf('\\boxed{'), text.lastIndexOf('\\fbox{'));
  if (open < 0) return null;
  const from = text.indexOf('{', open) + 1;
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(from, i).trim();
  }
  return null;
};

/** Without what is not part of an answer: emphasis, the full stop of the sentence, dollar signs around mathematics. */
const bare = (answer: string | null): string | null =>
  answer
    ?.replace(/^[*_\s]+|[*_\s.]+$/g, '')
    .replace(/^\$(.+)\$$/, '$1')
    .trim() || null;

/**
 * The final answer in a model's text, or null when it does not stand at that place.
 *
 * @throws RecordError when a pattern takes too long
 * @example findAnswer('6 * 3 = 18\n#### 18', 'hashes') // '18'
 * @example findAnswer('So the answer is **18**.', 'the-answer-is') // '18'
 */
export const findAnswer = (text: string, place: AnswerSource): string | null => {
  if (typeof place === 'object') return findByPattern(text, place.pattern);
  switch (place) {
    case 'hashes':
      return lastMatch(text, /####[ \t]*([^\n]*)/g);
    case 'boxed':
      return boxed(text);
    case 'the-answer-is':
      return bare(
        lastMatch(text, /\banswer\b[*_]{0,2}(?: is|:| =)[*_]{0,2}:?[ \t]*([^\n]*?)(?=\.(?:\s|$)|\n|$)/gi),
      );
    case 'answer-line':
      return bare(
        lastMatch(text, /^[ \t]*[*_]{0,2}(?:A|Answer|Final answer)[*_]{0,2}:[*_]{0,2}[ \t]*([^\n]*)$/gim),
      );
    case 'last-line':
      return text.trim().split('\n').at(-1)?.trim() || null;
  }
};
