import type { Category } from '@flywheel/domain/category';
import { JudgeId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import { mayMean, namesThing, type ShuffleProblem, shuffleProblem } from './shuffle-problem.ts';
import { fromEvidence, type Verifier } from './verifier.ts';

const MAX_STEP = 5_000;

/** What a step says, in the order in which it says it. */
type Claim = { start: number; end: number } & (
  | { kind: 'swap'; pair: [string, string] }
  | { kind: 'holds'; who: string; what: string; listed: boolean }
  | { kind: 'answer'; letter: string }
);

const SWAP =
  /\b([A-Z]\w{0,30}) (?:and|&|with) ([A-Z]\w{0,30}) (?:swap|trade|switch|exchange)|\b([A-Z]\w{0,30}) (?:swap|trade|switch|exchange)s? \w{0,12} ?with ([A-Z]\w{0,30})/g;
const HOLDS =
  /\b([A-Z]\w{0,30})(?: ?(?::|->|→|=) ?| (?:now )?(?:has|gets|holds|is playing|is dancing with|is holding) )(?:now )?(?:the |an? )?([^,.;:\n]{1,60}?)(?=[,.;\n]| and [A-Z]\w{0,30}(?: ?[:=→-]| (?:has|gets|is|holds))|$| So the)/g;
const ANSWER = /\banswer is:? ?\(?([A-Z])\)?(?![A-Za-z])/g;

/** Resolves `A` to Alice where only one person begins with that letter. */
const personOf = (problem: ShuffleProblem, name: string): string | null => {
  if (problem.start.has(name)) return name;
  if (name.length !== 1) return null;
  const [one, two] = problem.people.filter((p) => p.startsWith(name));
  return one !== undefined && two === undefined ? one : null;
};

const claimsOf = (problem: ShuffleProblem, text: string): Claim[] => {
  const claims: Claim[] = [];
  const add = (m: RegExpExecArray, claim: { kind: Claim['kind'] } & Record<string, unknown>) =>
    claims.push({ start: m.index, end: m.index + m[0].length, ...claim } as Claim);
  for (const m of text.matchAll(SWAP)) {
    const pair = [m[1] ?? m[3] ?? '', m[2] ?? m[4] ?? ''].map((n) => personOf(problem, n));
    if (pair[0] && pair[1]) add(m, { kind: 'swap', pair });
  }
  for (const m of text.matchAll(HOLDS)) {
    const who = personOf(problem, m[1] ?? '');
    if (who) add(m, { kind: 'holds', who, what: m[2] ?? '', listed: /^\w+ ?[:=→-]/.test(m[0]) });
  }
  for (const m of text.matchAll(ANSWER)) add(m, { kind: 'answer', letter: m[1] ?? '' });
  return claims.sort((a, b) => a.start - b.start);
};

interface Fault {
  found: string;
  expected: string;
  category: Category;
  note: string;
}

const AT_LAST = /\b(?:at the end|in the end|final|finally)\b/i;
const NOTHING_LEFT = 'no swap';

/** Follows the swaps together with the trace, up to its first fault. */
class Walk {
  private readonly problem: ShuffleProblem;
  private readonly holds: Map<string, string>;
  private done = 0;
  private begun = false;

  constructor(problem: ShuffleProblem) {
    this.problem = problem;
    this.holds = new Map(problem.start);
  }

  /** To be called before the claims of a step are checked: a list of who holds what may imply the next swap. */
  enter(text: string, claims: readonly Claim[]): void {
    const states = claims.filter((c) => c.kind === 'holds');
    const isList = states.length > 1 && claims.every((c) => c.kind !== 'swap');
    if (isList && !AT_LAST.test(text.slice(0, states[0]?.start))) {
      const fits = () => states.every((c) => mayMean(c.what, this.holds.get(c.who) ?? ''));
      // The first list is the start, unless it is what the first swap gives.
      const isStart = !this.begun && fits();
      if (!isStart) this.swap();
      if (!this.begun && !isStart && !fits()) this.unswap();
    }
    this.begun = true;
  }

  /** Every swap was followed, so that finding nothing means something. */
  get complete(): boolean {
    return this.done === this.problem.swaps.length;
  }

  check(claim: Claim): Fault | null {
    switch (claim.kind) {
      case 'swap':
        return this.checkSwap(claim.pair);
      case 'holds':
        return this.checkHolds(claim.who, claim.what, claim.listed);
      case 'answer':
        return this.checkAnswer(claim.letter);
    }
  }

  private checkSwap(pair: [string, string]): Fault | null {
    const next = this.problem.swaps[this.done];
    const found = pair.join(' and ');
    if (!next) return { found, expected: NOTHING_LEFT, category: 'unsupported', note: 'all swaps are done' };
    if (!next.includes(pair[0]) || !next.includes(pair[1]))
      return { found, expected: next.join(' and '), category: 'misread', note: 'not the next swap' };
    this.swap();
    return null;
  }

  private checkHolds(who: string, what: string, listed: boolean): Fault | null {
    const things = this.problem.people.map((p) => this.problem.start.get(p) as string);
    const meant = things.filter((t) => mayMean(what, t));
    const expected = this.holds.get(who) as string;
    // `Alice has swapped twice` names no thing; `Alice: Dracula` does, though nobody holds it.
    if (meant.includes(expected) || (meant.length === 0 && !(listed && namesThing(what)))) return null;
    const swapped = this.problem.swaps[this.done - 1]?.includes(who) ?? false;
    const category = meant.length === 0 ? 'unsupported' : swapped ? 'operation' : 'operand';
    return { found: what, expected, category, note: `what ${who} has after swap ${this.done}` };
  }

  private checkAnswer(letter: string): Fault | null {
    const { asked, options, swaps } = this.problem;
    const chosen = options.get(letter);
    if (asked === null || options.size === 0) return null;
    const next = swaps[this.done];
    if (next)
      return {
        found: `(${letter})`,
        expected: next.join(' and '),
        category: 'skipped',
        note: 'a swap is missing',
      };
    const expected = this.holds.get(asked) as string;
    if (chosen !== undefined && mayMean(chosen, expected)) return null;
    return {
      found: `(${letter})`,
      expected,
      category: 'contradiction',
      note: `what ${asked} has at the end`,
    };
  }

  private swap(): void {
    const next = this.problem.swaps[this.done];
    if (!next) return;
    this.exchange(next);
    this.done++;
  }

  private unswap(): void {
    this.done = 0;
    this.exchange(this.problem.swaps[0] as [string, string]);
  }

  private exchange([a, b]: [string, string]): void {
    const [x, y] = [this.holds.get(a) as string, this.holds.get(b) as string];
    this.holds.set(a, y);
    this.holds.set(b, x);
  }
}

/**
 * Traces of people who swap things (BIG-bench `tracking_shuffled_objects`): the start, every swap in its order, who holds
 * what after it as far as the step says so, and the option that follows. Steps behind the first error are not looked at.
 * Does not apply to a trace that is right as far as it goes but does not follow all swaps.
 */
export const shuffledObjects: Verifier = {
  id: JudgeId.parse('verifier:shuffled-objects'),
  title: 'Shuffled objects',
  version: '1',
  scope: 'steps',
  partial: false,
  judge: ({ prompt, steps }) => {
    const problem = shuffleProblem(prompt);
    if (!problem) return null;
    const walk = new Walk(problem);
    const evidence: Evidence[] = [];
    let fault: Fault | null = null;
    for (let step = 0; step < steps.length && !fault; step++) {
      const text = (steps[step] as string).slice(0, MAX_STEP);
      const claims = claimsOf(problem, text);
      walk.enter(text, claims);
      for (const claim of claims) {
        fault = walk.check(claim);
        const { start, end } = claim;
        const quote = text.slice(start, end);
        evidence.push({
          step,
          start,
          end,
          claim: quote,
          found: fault?.found ?? quote,
          expected: fault?.expected ?? quote,
          ok: fault === null,
          ...(fault && { note: fault.note }),
        });
        if (fault) break;
      }
    }
    if (!fault && !walk.complete) return null;
    return fromEvidence(
      steps.length,
      evidence,
      fault?.category ?? 'other',
      (e) => `[S${e.step}] ${e.claim}: ${e.note} is ${e.expected}.`,
    );
  },
};
