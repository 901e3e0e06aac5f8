import { RE2JS, RE2JSSyntaxException } from 're2js';
import { RecordError } from './draft.ts';

/** Characters of a pattern. */
export const MOST_PATTERN = 500;
/** One search takes time linear in the text, but there may be as many searches as characters. */
const MOST_MS = 50;

const COMPILED = new Map<string, RE2JS>();

/** A pattern in RE2's syntax: no backtracking, so none can run away on a text. `^` and `$` match at lines. */
const compile = (pattern: string): RE2JS => {
  let compiled = COMPILED.get(pattern);
  if (!compiled) {
    compiled = RE2JS.compile(pattern, RE2JS.MULTILINE);
    if (COMPILED.size > 100) COMPILED.clear();
    COMPILED.set(pattern, compiled);
  }
  return compiled;
};

/**
 * What is wrong with a pattern, and where; null when it can be used.
 *
 * @example patternError('a**') // 'invalid nested repetition operator at character 2: **'
 */
export const patternError = (pattern: string): string | null => {
  try {
    compile(pattern);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const what = error.getDescription();
    const part = error.getPattern();
    // The whole pattern, as the parser saw it, says nothing about the place.
    const at = part === null || part === '' ? -1 : pattern.indexOf(part);
    return at < 0 || part === pattern ? what : `${what} at character ${at + 1}: ${part}`;
  }
};

/**
 * What the pattern's first group matches, or the whole pattern when it has no group, at its last place in the text.
 *
 * @returns null when it matches nowhere, or nothing but blanks
 * @throws RecordError when that takes longer than a record may
 */
export const findByPattern = (text: string, pattern: string): string | null => {
  const compiled = compile(pattern);
  const group = compiled.groupCount() > 0 ? 1 : 0;
  const matcher = compiled.matcher(text);
  const began = Date.now();
  let found: string | null = null;
  while (matcher.find()) {
    found = matcher.group(group)?.trim() || found;
    if (Date.now() - began > MOST_MS)
      throw new RecordError(
        `the pattern \`${pattern}\` takes more than ${MOST_MS} ms; make it match less often`,
      );
  }
  return found;
};
