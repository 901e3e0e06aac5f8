import type { Evidence } from '@flywheel/domain/judgement';
import { soundClaims, verifiedFlaw } from './known-flaw.ts';
import { type Perturb, pick } from './perturb.ts';

/** Slips as people and models make them, in a number as it is printed. */
const SLIPS: readonly ((printed: string) => string)[] = [
  (n) => shifted(n, 1n),
  (n) => shifted(n, -1n),
  (n) => shifted(n, 10n),
  // Two digits that differ change places.
  (n) => n.replace(/(\d)(?!\1)(\d)/, '$2$1'),
];

const shifted = (printed: string, by: bigint): string =>
  printed.replace(/\d+/, (digits) => {
    const value = BigInt(digits) + by;
    return value < 0n ? digits : value.toString().padStart(digits.length, '0');
  });

/** Every whole occurrence of a number from `from` on. */
const replaceNumber = (text: string, from: number, old: string, next: string): string => {
  const escaped = old.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = new RegExp(`(?<![\\d.,])${escaped}(?![\\d]|[.,]\\d)`, 'g');
  return text.slice(0, from) + text.slice(from).replace(whole, next);
};

/** An error in one calculation of a clean trace, such that a verifier sees it there and nowhere before. */
export const injected: Perturb = ({ trace, position }, random) => {
  if (position !== 'clean') return null;
  const claims = soundClaims(trace).filter((e) => /\d$/.test(e.found));
  const claim: Evidence | undefined = pick(claims, random);
  const slip = pick(SLIPS, random);
  if (!claim || !slip) return null;
  const wrong = slip(claim.found);
  const text = trace.steps[claim.step] ?? '';
  // What is printed behind the last `=` and after it; operands before it stay.
  const from = claim.start + Math.max(0, text.slice(claim.start, claim.end).lastIndexOf('='));
  // `60.0` in an annotation is `60` in the sentence.
  const whole = (printed: string): string => printed.replace(/\.0+$/, '');
  const changed = replaceNumber(
    replaceNumber(text, from, claim.found, wrong),
    from,
    whole(claim.found),
    whole(wrong),
  );
  const perturbed = { ...trace, steps: trace.steps.map((s, i) => (i === claim.step ? changed : s)) };
  if (wrong === claim.found || verifiedFlaw(perturbed) !== claim.step) return null;
  return {
    trace: perturbed,
    expected: claim.step,
    change: `in S${claim.step}, ${claim.found} became ${wrong}`,
    step: claim.step,
  };
};
