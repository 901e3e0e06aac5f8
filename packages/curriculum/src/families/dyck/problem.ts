import { drawOne } from '../draw.ts';

const PAIRS = ['()', '[]', '{}', '<>'] as const;

/** The number of ways to go on for `rest` brackets from `open` open ones, so that `depth` is reached, never passed, and one stays open. */
const waysOn = (
  rest: number,
  open: number,
  reached: boolean,
  depth: number,
  known: Map<string, number>,
): number => {
  if (open < 0 || open > depth) return 0;
  const is = reached || open === depth;
  if (rest === 0) return is && open > 0 ? 1 : 0;
  const key = `${rest} ${open} ${is}`;
  const ways =
    known.get(key) ??
    waysOn(rest - 1, open + 1, is, depth, known) + waysOn(rest - 1, open - 1, is, depth, known);
  known.set(key, ways);
  return ways;
};

/** Brackets of which some stay open; every order of opening and closing that has this length and depth is as likely. */
export const drawBrackets = (length: number, depth: number, random: () => number): string => {
  const known = new Map<string, number>();
  let text = '';
  let reached = false;
  const closing: string[] = [];
  for (let rest = length - 1; rest >= 0; rest--) {
    const opens = waysOn(rest, closing.length + 1, reached, depth, known);
    const closes = waysOn(rest, closing.length - 1, reached, depth, known);
    if (random() * (opens + closes) < opens) {
      const pair = drawOne(random, PAIRS);
      text += pair.charAt(0);
      closing.push(pair.charAt(1));
    } else text += closing.pop() ?? '';
    reached ||= closing.length === depth;
  }
  return text;
};
