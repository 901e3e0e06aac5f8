import type { Category } from '@flywheel/domain/category';
import { JudgeId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import { fromEvidence, type Verifier } from './verifier.ts';

const CLOSER: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const isOpener = (c: string): boolean => c in CLOSER;
const BRACKET = /[()[\]{}<>]/g;

const brackets = (text: string): string[] => text.match(BRACKET) ?? [];
const show = (stack: readonly string[]): string => (stack.length === 0 ? 'empty' : stack.join(' '));
const clip = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((c, i) => c === b[i]);

/** The sequence to complete: a prompt of brackets only, perhaps behind instructions and `Input:`. */
const sequenceOf = (prompt: string): string[] | null => {
  const behind = prompt.lastIndexOf('Input:');
  const input = behind < 0 ? prompt : prompt.slice(behind + 'Input:'.length);
  const found = brackets(input);
  return found.length > 0 && /^[()[\]{}<>\s]*$/.test(input) ? found : null;
};

/** The stack after one more bracket; null when a closer has no partner there. Changes `stack`. */
const push = (stack: string[], c: string): string[] | null => {
  if (isOpener(c)) stack.push(c);
  else if (CLOSER[stack.at(-1) ?? ''] !== c) return null;
  else stack.pop();
  return stack;
};

const TIMES: Record<string, number> = { twice: 2, 'two times': 2, thrice: 3, 'three times': 3 };

/** The brackets of a list, with `"[" twice` written out. */
const listed = (text: string): string[] =>
  brackets(
    text.replace(/([()[\]{}<>])["'`]? (twice|thrice|two times|three times)\b/gi, (_, c, times) =>
      c.repeat(TIMES[String(times).toLowerCase()] ?? 1),
    ),
  );

/** A part of a step: what it claims in brackets, and where. */
interface Part {
  text: string;
  start: number;
  brackets: string[];
}

const part = (step: string, start: number, end: number): Part => {
  const text = step.slice(start, end);
  return { text, start, brackets: listed(text) };
};

type Claim =
  | { kind: 'move'; symbol: Part; stack: Part }
  | { kind: 'end'; stack: Part }
  | { kind: 'pops' | 'closers' | 'answer'; list: Part };

const ANSWER = /\banswer is\b:?/i;
const NEED = /\bneed\b(?! to\b)/i;

/**
 * What a step says: `[ ; stack: { [`, `The final stack is "{ ["`, `pop out "[", "{"`, `we need "]", "}"`,
 * `So the answer is ] }`; several of them where they stand in one step.
 */
const claimsOf = (step: string): Claim[] => {
  const answerAt = ANSWER.exec(step);
  const end = answerAt ? answerAt.index : step.length;
  const body = step.slice(0, end);
  const claims: Claim[] = [];
  const stackAt = body.search(/\bstack\b/i);
  const before = stackAt < 0 ? '' : body.slice(0, stackAt);
  if (stackAt >= 0 && brackets(before).length === 1)
    claims.push({ kind: 'move', symbol: part(step, 0, stackAt), stack: part(step, stackAt + 5, end) });
  else if (/\b(?:final|end)\b/i.test(before))
    claims.push({ kind: 'end', stack: part(step, stackAt + 5, end) });
  else {
    const [pop, need] = [body.search(/\bpop\b/i), body.search(NEED)];
    if (pop >= 0) claims.push({ kind: 'pops', list: part(step, pop, end) });
    else if (need >= 0) claims.push({ kind: 'closers', list: part(step, need, end) });
  }
  if (answerAt)
    claims.push({ kind: 'answer', list: part(step, answerAt.index + answerAt[0].length, step.length) });
  return claims;
};

/** What is wrong with a claim: where, what it should say, and the kind of flaw. */
interface Fault {
  where: Part;
  expected: string;
  category: Category;
  note: string;
}

/** Walks along the sequence with the trace; stops being useful at the first fault. */
class Walk {
  private readonly sequence: readonly string[];
  private at = 0;
  private readonly stack: string[] = [];
  /** A claim about the end was checked, so that finding nothing means something. */
  complete = false;

  constructor(sequence: readonly string[]) {
    this.sequence = sequence;
  }

  check(claim: Claim): Fault | null {
    if (claim.kind === 'move') return this.move(claim.symbol, claim.stack);
    const where = claim.kind === 'end' ? claim.stack : claim.list;
    if (this.at < this.sequence.length)
      return {
        where,
        expected: this.sequence[this.at] as string,
        category: 'skipped',
        note: 'the input has not ended',
      };
    // "pop out all the elements in the stack" names none.
    if (claim.kind === 'pops' && where.brackets.length === 0 && /\ball\b/i.test(where.text)) return null;
    const opened = [...this.stack].reverse();
    const wanted =
      claim.kind === 'end'
        ? this.stack
        : claim.kind === 'pops'
          ? opened
          : opened.map((c) => CLOSER[c] as string);
    this.complete = true;
    if (same(where.brackets, wanted)) return null;
    const note = claim.kind === 'end' ? 'not the stack that was reached' : 'not what the stack calls for';
    return { where, expected: show(wanted), category: 'contradiction', note };
  }

  private move(symbol: Part, stack: Part): Fault | null {
    const c = this.sequence[this.at];
    if (c === undefined)
      return {
        where: symbol,
        expected: 'end of input',
        category: 'unsupported',
        note: 'the input has ended',
      };
    if (symbol.brackets[0] !== c) {
      const category = symbol.brackets[0] === this.sequence[this.at + 1] ? 'skipped' : 'operand';
      return { where: symbol, expected: c, category, note: 'not the next symbol of the input' };
    }
    this.at++;
    push(this.stack, c);
    if (same(stack.brackets, this.stack)) return null;
    return { where: stack, expected: show(this.stack), category: 'operation', note: `the stack after ${c}` };
  }
}

const evidenceOf = (step: number, where: Part): Evidence => {
  const claim = where.text.replace(/^\s*(?:is\b|[:=])/, '').trim();
  const start = where.start + where.text.indexOf(claim);
  const found = show(where.brackets);
  return { step, start, end: start + claim.length, claim, found, expected: found, ok: true };
};

const isDyckWord = (sequence: readonly string[]): boolean => {
  const stack: string[] = [];
  return sequence.every((c) => push(stack, c) !== null);
};

/**
 * Traces that complete a sequence of brackets over a stack (BIG-bench `dyck_languages`): every symbol must be the next one
 * of the input, every stack the true one, and the end must follow from it. Steps behind the first error are not looked at.
 * Does not apply to a trace that is right as far as it goes but stops before the end.
 */
export const dyck: Verifier = {
  id: JudgeId.parse('verifier:dyck'),
  title: 'Bracket stacks',
  version: '1',
  scope: 'steps',
  partial: false,
  judge: ({ prompt, steps }) => {
    const sequence = sequenceOf(prompt);
    if (!sequence || !isDyckWord(sequence)) return null;
    const walk = new Walk(sequence);
    const evidence: Evidence[] = [];
    let category: Category = 'other';
    for (let step = 0; step < steps.length; step++) {
      for (const claim of claimsOf(steps[step] as string)) {
        const fault = walk.check(claim);
        const where =
          fault?.where ?? (claim.kind === 'move' || claim.kind === 'end' ? claim.stack : claim.list);
        evidence.push({
          ...evidenceOf(step, where),
          ...(fault && { ok: false, expected: fault.expected, note: fault.note }),
        });
        if (!fault) continue;
        category = fault.category;
        step = steps.length;
        break;
      }
    }
    if (evidence.every((e) => e.ok) && !walk.complete) return null;
    return fromEvidence(
      steps.length,
      evidence,
      category,
      (e) => `[S${e.step}] ${clip(e.found)}: ${e.note}; it is ${clip(e.expected)}.`,
    );
  },
};
