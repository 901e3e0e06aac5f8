/** Where a text stops being JSON, and what is wrong there. */
export interface JsonProblem {
  /** UTF-16 offset. */
  at: number;
  message: string;
}

class Wrong extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const DEEPEST = 500;

/** The first problem of a text that is not JSON; null where it is. The engine's own words do not always say where. */
export const jsonProblem = (text: string): JsonProblem | null => {
  let at = 0;
  const skip = (): void => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  };
  const found = (): string => (at >= text.length ? 'the end' : JSON.stringify(text[at]));
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match) at += match[0].length;
    return match !== null;
  };
  const expect = (char: string, place: string): void => {
    skip();
    if (text[at] !== char)
      throw new Wrong(at, `${JSON.stringify(char)} is missing ${place}; ${found()} stands here.`);
    at += 1;
  };
  const string = (what: string): void => {
    if (take(STRING)) return;
    if (text[at] === '"')
      throw new Wrong(at, 'This string does not end, or has a line break or a wrong escape in it.');
    throw new Wrong(at, `${what} is expected; ${found()} stands here.`);
  };
  const list = (close: string, one: () => void): void => {
    at += 1;
    skip();
    if (text[at] === close) {
      at += 1;
      return;
    }
    for (;;) {
      one();
      skip();
      if (text[at] === close) break;
      if (text[at] !== ',')
        throw new Wrong(at, `"," or ${JSON.stringify(close)} is expected; ${found()} stands here.`);
      at += 1;
    }
    at += 1;
  };
  const value = (depth: number): void => {
    skip();
    if (depth > DEEPEST) throw new Wrong(at, 'It is nested too deep.');
    if (text[at] === '{')
      list('}', () => {
        skip();
        string('A name in quotes');
        expect(':', 'after the name');
        value(depth + 1);
      });
    else if (text[at] === '[') list(']', () => value(depth + 1));
    else if (text[at] === '"' || !take(LITERAL)) string('A value');
  };
  try {
    value(0);
    skip();
    if (at < text.length) throw new Wrong(at, `Nothing may follow; ${found()} stands here.`);
    return null;
  } catch (error) {
    if (error instanceof Wrong) return { at: error.at, message: error.message };
    throw error;
  }
};
