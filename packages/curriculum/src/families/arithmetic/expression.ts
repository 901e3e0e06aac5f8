export type Operation = '+' | '-' | '*';

export interface Operated {
  operation: Operation;
  left: Expression;
  right: Expression;
}

/** Whole numbers, operations on two of them, and brackets, which the tree has no need of. */
export type Expression = bigint | Operated;

const LONGEST = 200;
const MOST_OPERATIONS = 16;

export const apply = (left: bigint, operation: Operation, right: bigint): bigint =>
  operation === '+' ? left + right : operation === '-' ? left - right : left * right;

export const operationsOf = (expression: Expression): Operation[] =>
  typeof expression === 'bigint'
    ? []
    : [...operationsOf(expression.left), expression.operation, ...operationsOf(expression.right)];

const rank = (expression: Expression): number =>
  typeof expression === 'bigint' ? 2 : expression.operation === '*' ? 1 : 0;

/** As it is read: with the brackets that it needs, and those that `spare` wants besides (asked once for each that it does not). */
export const printExpression = (expression: Expression, spare: () => boolean = () => false): string => {
  if (typeof expression === 'bigint') return String(expression);
  const side = (part: Expression, needed: boolean): string => {
    const text = printExpression(part, spare);
    return typeof part !== 'bigint' && (needed || spare()) ? `(${text})` : text;
  };
  const { left, operation, right } = expression;
  return side(left, rank(left) < rank(expression)) + operation + side(right, rank(right) <= rank(expression));
};

/**
 * The usual precedence, from the left; a minus before digits where a number may stand is its sign.
 * Null for any other text, and past 200 characters or 16 operations.
 */
export const parseExpression = (text: string): Expression | null => {
  if (text.length > LONGEST) return null;
  let at = 0;
  let operations = 0;
  const operand = (): Expression | null => {
    if (text[at] === '(') {
      at++;
      const inner = sum();
      if (text[at] !== ')') return null;
      at++;
      return inner;
    }
    const digits = /^-?\d+/.exec(text.slice(at))?.[0];
    if (digits === undefined) return null;
    at += digits.length;
    return BigInt(digits);
  };
  const chain = (part: () => Expression | null, of: string) => (): Expression | null => {
    let left = part();
    while (left !== null && at < text.length && of.includes(text.charAt(at))) {
      const operation = text.charAt(at++) as Operation;
      const right = part();
      if (right === null) return null;
      operations++;
      left = { operation, left, right };
    }
    return left;
  };
  const sum = chain(chain(operand, '*'), '+-');
  const whole = sum();
  return at === text.length && operations <= MOST_OPERATIONS ? whole : null;
};
