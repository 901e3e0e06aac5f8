import type { Solution } from './family.ts';

/** Every character that the families write. The order is that of token ids: never change it, only add at the end. */
export const ALPHABET = '\n0123456789+-*()=;:,.>?[]{}<| ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const END = '\n';
const ANSWER = 'A:';
const BETWEEN = ';';

/** What a model completes: `Q:` and the prompt. */
export const writePrompt = (prompt: string): string => `Q:${prompt}`;

/** What a model is taught to write after it: steps, answer, end of line, e.g. `3+4=7;7*2=14;A:14\n`. */
export const writeSolution = ({ steps, answer }: Solution): string =>
  [...steps, `${ANSWER}${answer}`].join(BETWEEN) + END;

/** The inverse of `writeSolution`, of any text: what stands before the first end of line; a missing answer is ''. */
export const readSolution = (text: string): Solution => {
  const parts = (text.split(END, 1)[0] ?? '').split(BETWEEN).map((part) => part.trim());
  const at = parts.findIndex((part) => part.startsWith(ANSWER));
  if (at < 0) return { steps: parts.filter((part) => part !== ''), answer: '' };
  return {
    steps: parts.slice(0, at).filter((part) => part !== ''),
    answer: parts[at]?.slice(ANSWER.length).trim() ?? '',
  };
};
