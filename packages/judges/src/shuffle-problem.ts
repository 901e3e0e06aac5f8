/** A BIG-bench problem of people who hold things and swap them pairwise. */
export interface ShuffleProblem {
  people: string[];
  /** What each holds at first, by person. */
  start: Map<string, string>;
  swaps: [string, string][];
  /** Whose thing is asked for at the end; null when the question is of another form. */
  asked: string | null;
  /** Options by letter, e.g. `A` -> `brown ball`. */
  options: Map<string, string>;
}

const MAX_PROMPT = 20_000;
const HOLDS =
  /\b([A-Z]\w{0,30}) (?:has an?|gets|got|is playing|is dancing with|is holding an?|holds an?|has) ([^,.\n]{1,80}?)(?=,|\.| and [A-Z]\w* (?:has|gets|is)|\n|$)/g;
const SWAP = /\b([A-Z]\w{0,30}) and ([A-Z]\w{0,30}) (?:swap|trade|switch|exchange)/g;
const ASKED = /\bAt the end\b[^.\n]{0,80}?, ([A-Z]\w{0,30}) (?:has|is|holds|gets)\b[^.\n]{0,40}\s*(?:\n|$)/;
const OPTION = /^\(([A-Z])\) ?([^\n]{1,100}?)\.?\s*$/gm;

/** Reads the problem; null when the prompt is none of this kind. */
export const shuffleProblem = (prompt: string): ShuffleProblem | null => {
  if (prompt.length > MAX_PROMPT) return null;
  const swapAt = prompt.search(SWAP);
  if (swapAt < 0) return null;
  const start = new Map<string, string>();
  for (const [, who = '', what = ''] of prompt.slice(0, swapAt).matchAll(HOLDS)) start.set(who, what);
  const swaps = [...prompt.matchAll(SWAP)].map(([, a = '', b = '']): [string, string] => [a, b]);
  if (start.size < 2 || !swaps.every(([a, b]) => start.has(a) && start.has(b))) return null;
  const asked = ASKED.exec(prompt)?.[1] ?? null;
  return {
    people: [...start.keys()],
    start,
    swaps,
    asked: asked !== null && start.has(asked) ? asked : null,
    options: new Map([...prompt.matchAll(OPTION)].map(([, letter = '', text = '']) => [letter, text])),
  };
};

const IDLE = new Set('the a an of ball balls present presents book gift position partner'.split(' '));

const words = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []).filter((w) => !IDLE.has(w));

/** Whether a name of a thing may mean it: `Gatsby` and `catch` mean `The Great Gatsby` and `Catch-22`. */
export const mayMean = (claim: string, thing: string): boolean => {
  const said = words(claim);
  const full = new Set(words(thing));
  return said.length > 0 && said.every((w) => full.has(w));
};

/** Whether the text names any thing, and not only `the ball`. */
export const namesThing = (text: string): boolean => words(text).length > 0;
