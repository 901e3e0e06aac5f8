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

export interface PrintedNumber {
  value: Rational;
  /** Digits behind the point. */
  decimals: number;
}

/** The claimed number and how many decimals it was printed with; null when it is no number. */
export const printedNumber = (text: string): PrintedNumber | null => {
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
export const holds = (exact: Rational, claim: PrintedNumber): boolean => {
  const off = absolute(subtract(exact, claim.value) ?? exact);
  if (off.n === 0n) return true;
  if (claim.decimals === 0) return format(exact, 0) === format(claim.value, 0);
  const noise = multiply(absolute(exact), FLOAT_NOISE);
  if (claim.decimals >= FLOAT_DECIMALS && noise && less(off, noise)) return true;
  return less(off, rational(1n, 10n ** BigInt(claim.decimals)) as Rational);
};
