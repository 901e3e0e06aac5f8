import {
  add,
  divide,
  multiply,
  negate,
  parseDecimal,
  power,
  type Rational,
  rational,
  subtract,
} from './rational.ts';

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 100;

type Token = { kind: 'number'; value: Rational } | { kind: 'op'; text: string };

const NUMBER = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?|\.\d+/y;
const SIGNS: Record<string, string> = {
  '−': '-',
  '–': '-',
  '×': '*',
  x: '*',
  X: '*',
  '·': '*',
  '÷': '/',
  '[': '(',
  ']': ')',
};

const NAME = /[A-Za-z](?![A-Za-z])/y;

export type Variables = ReadonlyMap<string, Rational>;
const NONE: Variables = new Map();

const matchesAt = (sticky: RegExp, text: string, at: number): boolean => {
  sticky.lastIndex = at;
  return sticky.test(text);
};

const tokenize = (text: string, variables: Variables): Token[] | null => {
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    NUMBER.lastIndex = i;
    const number = NUMBER.exec(text);
    if (number) {
      const parsed = parseDecimal(number[0]);
      if (!parsed) return null;
      tokens.push({ kind: 'number', value: parsed.value });
      i += number[0].length;
    } else if (/[\s$€£]/.test(c)) i++;
    else if (variables.has(c) && matchesAt(NAME, text, i)) {
      tokens.push({ kind: 'number', value: variables.get(c) as Rational });
      i++;
    } else if (text.startsWith('**', i)) {
      tokens.push({ kind: 'op', text: '^' });
      i += 2;
    } else {
      const op = SIGNS[c] ?? c;
      if (!'+-*/^()%'.includes(op)) return null;
      tokens.push({ kind: 'op', text: op });
      i++;
    }
  }
  return tokens;
};

/**
 * Recursive descent with the usual precedence: `+ -`, then `* /` and juxtaposition (`2(3)`), then signs, then `^`.
 * `%` after a number divides by 100.
 */
class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Rational | null {
    const value = this.sum();
    return this.at === this.tokens.length ? value : null;
  }

  private op(...texts: string[]): string | null {
    const t = this.tokens[this.at];
    if (t?.kind !== 'op' || !texts.includes(t.text)) return null;
    this.at++;
    return t.text;
  }

  private sum(): Rational | null {
    let left = this.product();
    for (let op = this.op('+', '-'); op && left; op = this.op('+', '-')) {
      const right = this.product();
      left = right && (op === '+' ? add(left, right) : subtract(left, right));
    }
    return left;
  }

  private product(): Rational | null {
    let left = this.signed();
    while (left) {
      const op = this.op('*', '/');
      const next = this.tokens[this.at];
      if (!op && !(next?.kind === 'op' && next.text === '(')) break;
      const right = this.signed();
      left = right && (op === '/' ? divide(left, right) : multiply(left, right));
    }
    return left;
  }

  private signed(): Rational | null {
    let negative = false;
    for (let op = this.op('+', '-'); op; op = this.op('+', '-')) if (op === '-') negative = !negative;
    const value = this.raised();
    return value && (negative ? negate(value) : value);
  }

  private raised(): Rational | null {
    const base = this.atom();
    if (!base || !this.op('^')) return base;
    if (++this.depth > MAX_DEPTH) return null;
    const exponent = this.signed();
    this.depth--;
    return exponent && power(base, exponent);
  }

  private atom(): Rational | null {
    const token = this.tokens[this.at];
    let value: Rational | null = null;
    if (token?.kind === 'number') {
      this.at++;
      value = token.value;
    } else if (this.op('(')) {
      if (++this.depth > MAX_DEPTH) return null;
      value = this.sum();
      this.depth--;
      if (!this.op(')')) return null;
    }
    while (value && this.op('%')) value = divide(value, rational(100n) as Rational);
    return value;
  }
}

/**
 * The exact value of an arithmetic expression (`10*(2/3)`, `1,200 x 15%`), or null when it is none, divides by zero,
 * or is past what a trace could mean (2,000 characters, 100 parentheses deep, 4,096 bits).
 *
 * @param variables values of single letters that stand alone: `A - B`
 */
export const evaluate = (text: string, variables: Variables = NONE): Rational | null => {
  if (text.length > MAX_LENGTH) return null;
  const tokens = tokenize(text, variables);
  return tokens && tokens.length > 0 ? new Parser(tokens).whole() : null;
};
