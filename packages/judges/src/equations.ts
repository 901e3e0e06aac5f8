import { scan } from './arithmetic-text.ts';
import { type Item, withUnits } from './unit-words.ts';

/** An arithmetic expression found in a text. Offsets are half-open into the text. */
export interface Expression {
  /** As `evaluate` reads it: units and words are left out. */
  text: string;
  start: number;
  end: number;
  /** One printed number, perhaps with a sign or in parentheses. */
  single: boolean;
  /** Single letters in it: `A` and `B` of `A - B`. */
  names: string[];
  /** Units and currency, in the singular, without repeats. */
  units: string[];
}

/** One `=` with what stands on its sides. A side is null where it is no arithmetic, unfinished, or ambiguous. */
export interface Equation {
  by: '=' | 'is' | '≈';
  /** Of the left side; of the `=` where that is null. */
  start: number;
  left: Expression | null;
  right: Expression | null;
  /** The left side is also the right side of the equation before: `A = B = C`. */
  continues: boolean;
  /** Nothing stands before it: `= 12` goes on with the text before. */
  opens: boolean;
  /** Nothing stands behind it: the text behind may go on with it. */
  ends: boolean;
}

const isMath = (t: Item | undefined): boolean =>
  t !== undefined && t.kind !== 'word' && t.kind !== 'break' && t.kind !== 'equals';

const startsOperand = (t: Item | undefined): boolean =>
  t?.kind === 'number' ||
  t?.kind === 'name' ||
  t?.kind === 'open' ||
  (t?.kind === 'op' && /[+-]/.test(t.text));

/** Where the expression that begins at `from` ends (exclusive), before `to`; null when it is unfinished or ambiguous. */
const endOf = (items: readonly Item[], from: number, to: number): number | null => {
  let depth = 0;
  let wantsOperand = true;
  for (let i = from; i < to; i++) {
    const t = items[i] as Item;
    if (wantsOperand) {
      if (t.kind === 'open') depth++;
      else if (t.kind === 'number' || t.kind === 'name') wantsOperand = false;
      else if (!(t.kind === 'op' && /[+-]/.test(t.text))) return null;
    } else if (t.kind === 'op') {
      if (!startsOperand(items[i + 1])) return null;
      wantsOperand = true;
    } else if (t.kind === 'close') {
      if (depth === 0) return i;
      depth--;
    } else if (t.kind === 'open') {
      if (t.spaced && items[i - 1]?.kind === 'number') return depth === 0 ? i : null;
      depth++;
      wantsOperand = true;
    } else if (t.kind === 'name' && !t.spaced) {
      // `2x`: a product.
    } else if (t.kind === 'number' || t.kind === 'name') return null;
    else return depth === 0 ? i : null;
  }
  return wantsOperand || depth > 0 ? null : to;
};

const MAX_EXPRESSION = 2_000;

const expressionAt = (items: readonly Item[], from: number, to: number): Expression | null => {
  const [first, last] = [items[from], items[to - 1]];
  if (!first || !last || last.end - first.start > MAX_EXPRESSION) return null;
  const run = items.slice(from, to);
  const operands = run.filter((t) => t.kind === 'number' || t.kind === 'name');
  const names = operands.filter((t) => t.kind === 'name').map((t) => t.text);
  return {
    text: run.map((t) => t.text).join(' '),
    start: first.start,
    end: last.end,
    single: operands.length === 1 && names.length === 0 && !operands[0]?.text.includes('/'),
    names,
    units: [...new Set(run.flatMap((t) => t.units ?? []))],
  };
};

/**
 * The range without parentheses at its ends that have no partner (`((-5 * -8 + 4)`): slips of the pen, not of arithmetic.
 * Third: whether nothing but arithmetic stands in the range.
 */
const balanced = (items: readonly Item[], from: number, to: number): [number, number, boolean] => {
  let depth = 0;
  let extra = 0;
  let i = from;
  for (; i < to && isMath(items[i]); i++) {
    const kind = items[i]?.kind;
    if (kind === 'open') depth++;
    else if (kind === 'close' && depth > 0) depth--;
    else if (kind === 'close') extra++;
  }
  let [start, end] = [from, i];
  for (; depth > 0 && items[start]?.kind === 'open'; depth--) start++;
  for (; extra > 0 && items[end - 1]?.kind === 'close'; extra--) end--;
  return [start, i === to || end < i ? end : to, i === to];
};

const rightSide = (items: readonly Item[], from: number, to: number): [Expression | null, number] => {
  const [start, stop, whole] = balanced(items, from, to);
  const end = endOf(items, start, stop);
  return end === null ? [null, -1] : [expressionAt(items, start, end), whole && end === stop ? to : end];
};

/** Words that work on the arithmetic behind them. */
const BINDING = new Set('half twice double triple third quarter square root between'.split(' '));
/** `8 packs of 5 * 4`, `add 20 to the 29 + 24`: where a number stands before them, it counts, too. */
const JOINING = new Set('of to from by with'.split(' '));
const OF_WHAT = new Set('average mean difference value fraction percent percentage product'.split(' '));
const MAX_PHRASE = 8;
const MAX_LABEL = 4;
const isNumeral = (t: Item): boolean => t.kind === 'number' || OF_WHAT.has(t.text) || BINDING.has(t.text);

/**
 * What stands before `items[run]` changes the value of the expression there: `total - 3`, `sqrt(16) + 2`, `√16`,
 * `twice 5 + 3`, `8 packs of 5 * 4`, `day 1 + day 2 + 3`; but not `a total of 5 * 4`.
 */
const isBound = (items: readonly Item[], from: number, run: number): boolean => {
  const [before, first] = [items[run - 1], items[run]];
  if (first?.kind === 'op' && /[*/^]/.test(first.text)) return true;
  if (before?.kind !== 'word') return false;
  if (first?.kind === 'op' || (first?.kind === 'open' && !first.spaced)) return true;
  let word = run - 1;
  while (word > from && word > run - MAX_LABEL && items[word]?.kind === 'word') word--;
  if (items[word]?.kind === 'op') return true;
  const near = items.slice(Math.max(from, run - 2), run).some((t) => JOINING.has(t.text));
  if (near && items.slice(Math.max(from, run - MAX_PHRASE), run).some(isNumeral)) return true;
  return BINDING.has(before.text) || !/^\p{L}/u.test(before.text);
};

const leftSide = (items: readonly Item[], from: number, to: number): Expression | null => {
  let run = to;
  while (run > from && isMath(items[run - 1])) run--;
  if (isBound(items, from, run)) return null;
  const [start, stop] = balanced(items, run, to);
  return endOf(items, start, stop) === stop ? expressionAt(items, start, stop) : null;
};

/** A text with more equalities than this is no reasoning; the rest is left out. */
const MAX_EQUATIONS = 1_000;

/** The claimed equalities of a text, in order, in time linear in its length. */
export const equations = (text: string): Equation[] => {
  const items = withUnits(scan(text));
  const marks = items.flatMap((t, i) => (t.kind === 'equals' ? [i] : [])).slice(0, MAX_EQUATIONS);
  const found: Equation[] = [];
  let before: Expression | null = null;
  let whole = false;
  marks.forEach((mark, k) => {
    const from = (marks[k - 1] ?? -1) + 1;
    const to = marks[k + 1] ?? items.length;
    const left: Expression | null = whole ? before : leftSide(items, from, mark);
    const [right, end] = rightSide(items, mark + 1, to);
    const sign = items[mark] as Item;
    found.push({
      by: sign.text as Equation['by'],
      start: left?.start ?? sign.start,
      left,
      right,
      continues: whole,
      opens: mark === 0,
      ends: right !== null && items.length - end <= 1 && (items[end]?.kind ?? 'break') === 'break',
    });
    before = right;
    whole = right !== null && end === to;
  });
  return found;
};
