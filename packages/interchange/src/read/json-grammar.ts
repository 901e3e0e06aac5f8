export const [NEWLINE, QUOTE, COMMA, COLON, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  10, 34, 44, 58, 91, 92, 93, 123, 125,
] as const;
/** Stands for the last byte of a number, `true`, `false` or `null`. */
export const LITERAL = 0;

export const isSpace = (byte: number): boolean =>
  byte === 32 || byte === NEWLINE || byte === 13 || byte === 9;

/**
 * Whether `byte`, outside strings, may follow the significant byte `before` inside the bracket `around`. Not all of JSON's
 * grammar: enough to notice soon that a quote, comma or bracket is missing.
 */
export const mayFollow = (byte: number, before: number, around: number): boolean => {
  const valueMayBegin =
    before === COLON || before === OPEN_ARRAY || (before === COMMA && around === OPEN_ARRAY);
  const valueEnded =
    before === QUOTE || before === LITERAL || before === CLOSE_ARRAY || before === CLOSE_OBJECT;
  switch (byte) {
    case QUOTE:
      return valueMayBegin || before === OPEN_OBJECT || before === COMMA;
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return valueMayBegin;
    case CLOSE_OBJECT:
      return around === OPEN_OBJECT && (valueEnded || before === OPEN_OBJECT);
    case CLOSE_ARRAY:
      return around === OPEN_ARRAY && (valueEnded || before === OPEN_ARRAY);
    case COLON:
      return around === OPEN_OBJECT && before === QUOTE;
    case COMMA:
      return valueEnded;
    default:
      return valueMayBegin || before === LITERAL;
  }
};
