/** An exact fraction in lowest terms with a positive denominator. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** Numerators and denominators past this many bits are refused: no text of a trace means such a number. */
const MAX_BITS = 4096n;
const LIMIT = 1n << MAX_BITS;

const gcd = (a: bigint, b: bigint): bigint => {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};

/** n/d in lowest terms; null for a zero denominator or a number past 4096 bits. */
export const rational = (n: bigint, d: bigint = 1n): Rational | null => {
  if (d === 0n) return null;
  const g = gcd(n, d) * (d < 0n ? -1n : 1n);
  const [num, den] = g === 0n ? [0n, 1n] : [n / g, d / g];
  return num > LIMIT || num < -LIMIT || den > LIMIT ? null : { n: num, d: den };
};

export const add = (a: Rational, b: Rational) => rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a: Rational, b: Rational) => rational(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a: Rational, b: Rational) => rational(a.n * b.n, a.d * b.d);
export const divide = (a: Rational, b: Rational) => rational(a.n * b.d, a.d * b.n);
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const equal = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const absolute = (a: Rational): Rational => (a.n < 0n ? negate(a) : a);
export const less = (a: Rational, b: Rational): boolean => a.n * b.d < b.n * a.d;

/** a^k for a whole k of at most 1,000 either way; null otherwise. */
export const power = (a: Rational, k: Rational): Rational | null => {
  if (k.d !== 1n || k.n > 1000n || k.n < -1000n) return null;
  const size = k.n < 0n ? -k.n : k.n;
  const bits = BigInt(a.n.toString(2).length + a.d.toString(2).length);
  if (bits * size > 2n * MAX_BITS) return null;
  return k.n < 0n ? rational(a.d ** size, a.n ** size) : rational(a.n ** size, a.d ** size);
};

/** A decimal such as `1,234.50`, `.5`, `1e3`; null when it is none. `decimals` are the digits printed after the point. */
export const parseDecimal = (text: string): { value: Rational; decimals: number } | null => {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole.replaceAll(',', '') + fraction;
  if (digits === '') return null;
  const scale = Number(exponent) - fraction.length;
  const n = BigInt(digits) * (sign === '-' ? -1n : 1n);
  const value = scale >= 0 ? rational(n * 10n ** BigInt(scale)) : rational(n, 10n ** BigInt(-scale));
  return value && { value, decimals: Math.max(0, -scale) };
};

/** Rounded half away from zero to `decimals` digits, trailing zeros kept off: `6.67`, `-3`. */
export const format = (a: Rational, decimals: number): string => {
  const scale = 10n ** BigInt(decimals);
  const scaled = absolute(a).n * scale;
  const rounded = (2n * scaled + a.d) / (2n * a.d);
  const digits = rounded.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${a.n < 0n && rounded !== 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
};

/** Whole numbers as they are, others to at most four decimals. */
export const show = (a: Rational): string => (a.d === 1n ? a.n.toString() : format(a, 4));
