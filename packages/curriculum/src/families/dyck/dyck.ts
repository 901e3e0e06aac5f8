import { buildFamily, type FamilyParts, quoted, Wrong } from '../build.ts';
import { drawBrackets } from './problem.ts';

export const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** The stack after a bracket: one that opens is put on it, one that closes takes the last away, whichever that is. */
export const afterBracket = (stack: string, bracket: string): string =>
  bracket in CLOSING ? stack + bracket : stack.slice(0, -1);

export const closeAll = (stack: string): string =>
  [...stack]
    .toReversed()
    .map((bracket) => CLOSING[bracket] ?? '')
    .join('');

export const writeBracket = (bracket: string, stack: string): string => `${bracket}:${stack}`;

interface Consumed {
  brackets: string;
  at: number;
  stack: string;
}

const PROMPT = /^([()[\]{}<>]{1,200})\?$/;

/** Stacks after each bracket; null where one closes what is not open. */
const stacksOf = (brackets: string): string[] | null => {
  const stacks: string[] = [];
  for (const bracket of brackets) {
    const stack = stacks.at(-1) ?? '';
    if (!(bracket in CLOSING) && CLOSING[stack.at(-1) ?? ''] !== bracket) return null;
    stacks.push(afterBracket(stack, bracket));
  }
  return stacks;
};

export const dyckParts: FamilyParts<string, Consumed> = {
  id: 'dyck',
  label: 'Closing brackets',
  features: [
    { name: 'length', label: 'brackets', values: [7, 9, 11, 13] },
    { name: 'depth', label: 'most that are open', values: [2, 3, 4, 5] },
  ],
  draw: ({ length = 7, depth = 2 }, random) => `${drawBrackets(length, depth, random)}?`,
  /** The brackets; at least one is open at the end. */
  read(prompt) {
    const brackets = PROMPT.exec(prompt)?.[1] ?? '';
    return (stacksOf(brackets)?.at(-1) ?? '') === '' ? null : brackets;
  },
  measure: (brackets) => ({
    length: brackets.length,
    depth: Math.max(...(stacksOf(brackets) ?? []).map((stack) => stack.length)),
  }),
  solve(brackets) {
    const stacks = stacksOf(brackets) ?? [];
    const steps = stacks.map((stack, at) => writeBracket(brackets.charAt(at), stack));
    return { steps, answer: closeAll(stacks.at(-1) ?? '') };
  },
  begin: (brackets) => ({ brackets, at: 0, stack: '' }),
  next({ brackets, at, stack }, step) {
    const due = brackets[at];
    if (due === undefined) return new Wrong('Every bracket is read before this step.');
    const [, bracket, written] = /^([()[\]{}<>]):([()[\]{}<>]*)$/.exec(step) ?? [];
    if (bracket === undefined) return new Wrong(`${quoted(step)} is no step like ${due}:${stack}.`);
    if (bracket !== due) return new Wrong(`Bracket ${at + 1} is ${due}, not ${bracket}.`);
    const after = afterBracket(stack, bracket);
    if (written !== after)
      return new Wrong(`After ${bracket} ${after || 'nothing'} is open, not ${quoted(written ?? '')}.`);
    return { brackets, at: at + 1, stack: after };
  },
  wanting: ({ brackets, at }) =>
    at < brackets.length ? `${brackets.slice(at)} is left to be read before the answer.` : '',
};

export const dyck = buildFamily(dyckParts);
