import { shuffled } from '@flywheel/domain/metrics/random';
import { buildFamily, type FamilyParts, quoted, Wrong } from '../build.ts';
import { drawOne } from '../draw.ts';

/** Who holds what: people are capitals, things small letters; in the order of the prompt. */
export type Held = ReadonlyMap<string, string>;

/** Two people, e.g. `AB`. */
export interface Swaps {
  held: Held;
  swaps: readonly string[];
  /** The person of whom is asked. */
  asked: string;
}

interface Swapped {
  problem: Swaps;
  at: number;
  held: Held;
}

const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const SMALL = CAPITALS.map((letter) => letter.toLowerCase());
const PROMPT = /^((?:[A-Z][a-z]){2,9}):([A-Z]{2}(?:,[A-Z]{2}){0,19})\?([A-Z])$/;

export const writeHeld = (held: Held): string => [...held].map(([person, thing]) => person + thing).join('');

export const afterSwap = (held: Held, swap: string): Held => {
  const [a, b] = [swap.charAt(0), swap.charAt(1)];
  return new Map(
    [...held].map(([who, thing]) => [who, held.get(who === a ? b : who === b ? a : who) ?? thing]),
  );
};

export const writeSwap = (swap: string, held: Held): string => `${swap}:${writeHeld(held)}`;

const readHeld = (text: string): [string, string][] =>
  (text.match(/../g) ?? []).map((pair) => [pair.charAt(0), pair.charAt(1)]);

const solve = ({ held, swaps, asked }: Swaps) => {
  let now = held;
  const steps = swaps.map((swap) => {
    now = afterSwap(now, swap);
    return writeSwap(swap, now);
  });
  return { steps, answer: now.get(asked) ?? '' };
};

export const objectsParts: FamilyParts<Swaps, Swapped> = {
  id: 'objects',
  label: 'Shuffled objects',
  features: [
    { name: 'people', label: 'people', values: [3, 4, 5] },
    { name: 'swaps', label: 'swaps', values: [1, 2, 3, 4, 5, 6] },
  ],
  draw({ people = 3, swaps = 1 }, random) {
    const who = shuffled(CAPITALS, random).slice(0, people);
    const things = shuffled(SMALL, random).slice(0, people);
    const held = who.map((person, at) => person + (things[at] ?? '')).join('');
    const pairs = Array.from({ length: swaps }, () => shuffled(who, random).slice(0, 2).join(''));
    return `${held}:${pairs.join(',')}?${drawOne(random, who)}`;
  },
  read(prompt) {
    const [, start, list, asked] = PROMPT.exec(prompt) ?? [];
    if (start === undefined || list === undefined || asked === undefined) return null;
    const pairs = readHeld(start);
    const held = new Map(pairs);
    const swaps = list.split(',');
    const known = [...swaps.join(''), asked].every((person) => held.has(person));
    const twice = held.size < pairs.length || new Set(held.values()).size < pairs.length;
    return !known || twice || swaps.some((swap) => swap[0] === swap[1]) ? null : { held, swaps, asked };
  },
  measure: ({ held, swaps }) => ({ people: held.size, swaps: swaps.length }),
  solve,
  begin: (problem) => ({ problem, at: 0, held: problem.held }),
  next({ problem, at, held }, step) {
    const due = problem.swaps[at];
    if (due === undefined) return new Wrong('Every swap is done before this step.');
    const [, swap, state] = /^([A-Z]{2}):((?:[A-Z][a-z])+)$/.exec(step) ?? [];
    const after = afterSwap(held, due);
    if (swap === undefined || state === undefined)
      return new Wrong(`${quoted(step)} is no step like ${writeSwap(due, held)}.`);
    if (swap !== due && swap !== `${due[1]}${due[0]}`)
      return new Wrong(`Swap ${at + 1} is ${due}, not ${swap}.`);
    const pairs = readHeld(state);
    for (const [person, thing] of pairs) {
      const is = after.get(person);
      if (is !== thing) return new Wrong(`After ${due} ${person} holds ${is ?? 'nothing'}, not ${thing}.`);
    }
    if (pairs.length !== after.size || new Set(state.match(/[A-Z]/g)).size !== after.size)
      return new Wrong(`After ${due} each of the ${after.size} people has to be named once.`);
    return { problem, at: at + 1, held: after };
  },
  wanting: ({ problem, at }) =>
    at < problem.swaps.length
      ? `${problem.swaps.slice(at).join()} is left to be done before the answer.`
      : '',
};

export const objects = buildFamily(objectsParts);
