import { JudgeId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import { evaluate } from './expression.ts';
import {
  absolute,
  format,
  less,
  multiply,
  parseDecimal,
  type Rational,
  rational,
  subtract,
} from './rational.ts';
import { fromEvidence, type Verifier } from './verifier.ts';

const ANNOTATION = /<<([^<>=]{1,500})=([^<>=]{1,100})>>/g;

/** The claimed number and how many decimals it was printed with; null when it is no number. */
const claimed = (text: string): { value: Rational; decimals: number } | null => {
  const plain = parseDecimal(text.replace(/[\s$]/g, ''));
  if (plain) return plain;
  const value = evaluate(text);
  return value && { value, decimals: 0 };
};

/** Printed with so many decimals, a number came out of binary floating point: its last digits are noise. */
const FLOAT_DECIMALS = 12;
const FLOAT_NOISE = rational(1n, 10n ** 12n) as Rational;

/**
 * Decimals hold within one unit of the last printed digit, which allows both rounding and cutting off; of floating-point
 * output, within a relative 1e-12. A whole number must be the value, or the value rounded (`19.5*(1/4)=5`).
 */
const holds = (exact: Rational, claim: { value: Rational; decimals: number }): boolean => {
  const off = absolute(subtract(exact, claim.value) ?? exact);
  if (off.n === 0n) return true;
  if (claim.decimals === 0) return format(exact, 0) === format(claim.value, 0);
  const noise = multiply(absolute(exact), FLOAT_NOISE);
  if (claim.decimals >= FLOAT_DECIMALS && noise && less(off, noise)) return true;
  return less(off, rational(1n, 10n ** BigInt(claim.decimals)) as Rational);
};

const check = (step: number, match: RegExpExecArray): Evidence | null => {
  const [whole, expression = '', found = ''] = match;
  const exact = evaluate(expression);
  const claim = claimed(found);
  if (!exact || !claim) return null;
  const ok = holds(exact, claim);
  const decimals = Math.max(claim.decimals, exact.d === 1n ? 0 : 3);
  return {
    step,
    start: match.index,
    end: match.index + whole.length,
    claim: whole.slice(2, -2),
    found: found.trim(),
    expected: format(exact, decimals),
    ok,
  };
};

/** GSM8K's calculator annotations `<<expression=value>>` (Cobbe et al. 2021, arXiv 2110.14168), evaluated exactly. */
export const calcAnnotations: Verifier = {
  id: JudgeId.parse('verifier:calc-annotations'),
  title: 'Calculation annotations',
  version: '1',
  scope: 'steps',
  partial: true,
  judge: ({ steps }) => {
    const evidence = steps.flatMap((text, step) =>
      [...text.matchAll(ANNOTATION)].flatMap((m) => check(step, m) ?? []),
    );
    if (evidence.length === 0) return null;
    return fromEvidence(
      steps.length,
      evidence,
      'arithmetic',
      (e) => `[S${e.step}] ${e.claim}: the value is ${e.expected}.`,
    );
  },
};
