import type { Category } from '@flywheel/domain/category';
import { JudgeId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import { type Equation, type Expression, equations } from './equations.ts';
import { evaluate } from './expression.ts';
import { holds, printedNumber } from './printed-number.ts';
import { absolute, equal, format, less, multiply, type Rational, rational, subtract } from './rational.ts';
import { sameMeasure } from './units.ts';
import { fromEvidence, type Verifier } from './verifier.ts';

/** What a capital letter stands for: the expression that defines it, later the number that a step found for it. */
interface Meaning {
  value: Rational;
  calculated: boolean;
}

interface Memory {
  /** The problem is itself an expression: letters keep their meaning, and the last value is the answer. */
  strict: boolean;
  letters: Map<string, Meaning>;
  /** The right side from which the next `=` may go on. */
  last: { side: Expression; value: Rational } | null;
  /** The value that the newest equality came to. */
  result: Rational | null;
}

const LETTER = /^[A-Z]$/;

const valueOf = (e: Expression, { letters }: Memory): Rational | null => {
  if (e.names.length === 0) return evaluate(e.text);
  const known = new Map<string, Rational>();
  for (const name of e.names) {
    const meaning = letters.get(name);
    if (!meaning) return null;
    known.set(name, meaning.value);
  }
  return evaluate(e.text, known);
};

const ROUNDING = rational(1n, 100n) as Rational;

/** Expressions of rounded numbers (`2/3 * 9 = 0.67 * 9`) come out equal within a hundredth. */
const near = (a: Rational, b: Rational): boolean => {
  const off = absolute(subtract(a, b) ?? a);
  const noise = multiply(absolute(a), ROUNDING);
  return noise !== null && !less(noise, off);
};

const agrees = (left: Rational, value: Rational, right: Expression): boolean => {
  if (equal(left, value)) return true;
  if (!right.single) return /[./]/.test(right.text) && near(left, value);
  const printed = printedNumber(right.text.replace(/[\s()]/g, ''));
  return printed !== null && holds(left, printed);
};

/** `10/50 * 100 = 20%`: the sign may be meant as a unit. */
const agreesInPercent = (left: Expression, right: Expression): boolean => {
  if (!/%/.test(left.text + right.text)) return false;
  const plain = { ...right, text: right.text.replaceAll('%', '') };
  const lefts = [evaluate(left.text), evaluate(left.text.replaceAll('%', ''))];
  const rights = [right, plain].map((e) => [evaluate(e.text), e] as const);
  return lefts.some((l) => rights.some(([r, e]) => l !== null && r !== null && agrees(l, r, e)));
};

/** `8 + 5 = 13 - 2 = 11`: a running total, in which each `=` only speaks of the number behind it. */
const runsOn = (left: Rational, right: Expression): boolean => {
  const first = /^[+-]?\s*[\d.,]+%?(?=\s*[+\-*/])/.exec(right.text)?.[0];
  const value = first === undefined ? null : evaluate(first);
  return value !== null && equal(value, left);
};

/** `1/4 = 5 slices`: a quarter of something is five. */
const isShare = (left: Expression, l: Rational, r: Rational): boolean =>
  /^[\d.,]+ \/ [\d.,]+$|^\([\d.]+\/[\d.]+\)$/.test(left.text) && l.n < l.d && r.n >= r.d;

/** Whether an equation that does not come out may be called false: what it means must be beyond doubt. */
const refutable = (e: Equation, left: Expression, right: Expression, l: Rational, r: Rational): boolean => {
  if (e.by === '≈' || (e.by === 'is' && (!right.single || left.names.length > 0))) return false;
  // `12 = 1`, `$5 = 500 cents` relate things; a number inside a chain of equalities is a value.
  if (left.single && !(e.continues && left.units.length === 0)) return false;
  const sum = /[+-]/.test(left.text);
  if (isShare(left, l, r) || (sum && left.text.includes('%'))) return false;
  // `27/3/4`, `100 pages / 2 pages/5 minutes`: people mean 27/(3/4), too.
  if (/\/[^*+()-]*\//.test(left.text)) return false;
  return sameMeasure(left.units, right.units, sum);
};

const MAX_BEHIND = 80;

/** `50 / 3 = 16 stickers each, with 2 remaining`. */
const isQuotient = (l: Rational, r: Rational, behind: string): boolean =>
  r.d === 1n && l.n > 0n && l.n / l.d === r.n && /\b(?:remain|left ?over|round)/i.test(behind);

/** `C = 193`, where C was another number before: the letter means something new. */
const redefines = (left: Expression, { letters, strict }: Memory): boolean =>
  !strict && LETTER.test(left.text) && letters.get(left.text)?.calculated === true;

const OTHER_VALUES = 'not what the letters stood for before';

const check = (text: string, e: Equation, l: Rational, r: Rational): Omit<Evidence, 'step'> | null => {
  const { left, right } = e;
  if (!left || !right) return null;
  const ok = agrees(l, r, right) || agreesInPercent(left, right) || runsOn(l, right);
  if (
    !ok &&
    (!refutable(e, left, right, l, r) || isQuotient(l, r, text.slice(right.end, right.end + MAX_BEHIND)))
  )
    return null;
  return {
    start: e.start,
    end: right.end,
    claim: text.slice(e.start, right.end),
    found: right.single ? right.text.replaceAll(' ', '') : format(r, r.d === 1n ? 0 : 3),
    expected: format(l, l.d === 1n ? 0 : 3),
    ok,
    ...(!ok && left.names.length > 0 && { note: OTHER_VALUES }),
  };
};

/** `So the answer is 12`, where the problem is an expression: what the equalities before came to. */
const checkAnswer = (
  text: string,
  e: Equation,
  { strict, result }: Memory,
): Omit<Evidence, 'step'> | null => {
  const { right } = e;
  const claimed =
    strict && e.by === 'is' && !e.left && /\banswer\s*$/i.test(text.slice(0, e.start).slice(-20));
  const value = claimed && right?.single ? evaluate(right.text) : null;
  if (!right || !value || !result) return null;
  const [found, expected] = [value, result].map((x) => format(x, x.d === 1n ? 0 : 3)) as [string, string];
  const claim = text.slice(right.start, right.end);
  return { start: right.start, end: right.end, claim, found, expected, ok: agrees(result, value, right) };
};

const MAX_SIGNS = 40;

/** The wrong value comes out when one sign on the left is turned: `(2 - -5 - 8) = (2 + 5 + 8)`. */
const turnsSign = (left: string, found: Rational): boolean => {
  const signs = [...left.matchAll(/[+-]/g)].slice(0, MAX_SIGNS);
  return signs.some(({ 0: sign, index }) => {
    const turned = evaluate(`${left.slice(0, index)}${sign === '+' ? '-' : '+'}${left.slice(index + 1)}`);
    return turned !== null && equal(turned, found);
  });
};

const categoryOf = ({ claim, note }: Evidence): Category => {
  if (note === OTHER_VALUES) return 'operand';
  const [first] = equations(claim);
  const found = first?.right ? evaluate(first.right.text) : null;
  if (!first?.left || !found) return 'arithmetic';
  const value = evaluate(first.left.text);
  const opposite = value && subtract(rational(0n) as Rational, value);
  return (opposite && equal(opposite, found)) || turnsSign(first.left.text, found) ? 'sign' : 'arithmetic';
};

/** The checked claims of one step; `memory` goes from step to step. */
const checkStep = (step: number, text: string, memory: Memory): Evidence[] => {
  const evidence: Evidence[] = [];
  let letter: string | null = null;
  let ends = false;
  for (const found of equations(text)) {
    const before: Memory['last'] = found.continues || (found.opens && !found.left) ? memory.last : null;
    const e: Equation = before ? { ...found, left: before.side, continues: true } : found;
    if (!before && !found.continues)
      letter = e.by === '=' && e.left && LETTER.test(e.left.text) ? e.left.text : null;
    const l: Rational | null = before
      ? before.value
      : e.left && !redefines(e.left, memory)
        ? valueOf(e.left, memory)
        : null;
    const r = e.right && valueOf(e.right, memory);
    const checked = (l && r && check(text, e, l, r)) || checkAnswer(text, e, memory);
    if (checked) evidence.push({ step, ...checked });
    if (letter !== null && r && e.right) memory.letters.set(letter, { value: r, calculated: e.right.single });
    if (e.by === '=' && r) memory.result = r;
    memory.last = r && e.right ? { side: e.right, value: r } : null;
    ends = e.ends;
  }
  if (!ends) memory.last = null;
  return evidence;
};

/**
 * Arithmetic claims in free text, evaluated exactly: `3 * 4 = 12`, `A = (-9 - 5) = -14`, `5 apples * $2 is $10`.
 * Capital letters keep the value that an earlier step gave them, right or wrong, so an error is found where it is
 * made and not where it is carried on. What is not beyond doubt arithmetic is left alone.
 */
export const equalityChain: Verifier = {
  id: JudgeId.parse('verifier:equality-chain'),
  title: 'Equality chains',
  version: '1',
  scope: 'steps',
  partial: true,
  judge: ({ prompt, steps }) => {
    const strict = evaluate(prompt.trim().replace(/=\s*\??$/, '')) !== null;
    const memory: Memory = { strict, letters: new Map(), last: null, result: null };
    const evidence = steps.flatMap((text, step) => checkStep(step, text, memory));
    if (evidence.length === 0) return null;
    return fromEvidence(
      steps.length,
      evidence,
      categoryOf,
      (e) => `[S${e.step}] ${e.claim}: the value is ${e.expected}.`,
    );
  },
};
