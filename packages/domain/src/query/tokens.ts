/** A token of the query bar's text with its half-open character range. */
export interface Token {
  kind: 'clause' | 'word' | 'phrase' | 'or' | 'minus' | 'open' | 'close';
  start: number;
  end: number;
  text: string;
}

export interface SyntaxIssue {
  start: number;
  end: number;
  message: string;
}

const FIELD_HEAD = /^(?:[a-z]+|meta\.[\p{L}\p{N}_.-]+):/u;

/** Reads a quoted string from `start` (at the opening quote); `\"` and `\\` are escapes. */
const quoted = (source: string, start: number): { text: string; end: number; closed: boolean } => {
  let text = '';
  for (let i = start + 1; i < source.length; i++) {
    const c = source[i] as string;
    if (c === '"') return { text, end: i + 1, closed: true };
    if (c === '\\' && i + 1 < source.length) text += source[++i];
    else text += c;
  }
  return { text, end: source.length, closed: false };
};

/** End of a clause's values: quoted parts may hold spaces. */
const clauseEnd = (source: string, start: number): number => {
  let i = start;
  while (i < source.length && !/[\s()]/.test(source[i] as string)) {
    i = source[i] === '"' ? quoted(source, i).end : i + 1;
  }
  return i;
};

/** Splits the text of a query into tokens; never throws. Total work is linear in the text's length. */
export const tokenize = (source: string): { tokens: Token[]; issues: SyntaxIssue[] } => {
  const tokens: Token[] = [];
  const issues: SyntaxIssue[] = [];
  let i = 0;
  while (i < source.length) {
    const c = source[i] as string;
    const start = i;
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    if (c === '(' || c === ')') {
      i++;
      tokens.push({ kind: c === '(' ? 'open' : 'close', start, end: i, text: c });
    } else if (c === '-' && /[^\s-]/.test(source[i + 1] ?? ' ')) {
      i++;
      tokens.push({ kind: 'minus', start, end: i, text: c });
    } else if (c === '"') {
      const q = quoted(source, i);
      if (!q.closed) issues.push({ start, end: q.end, message: 'This quote is not closed.' });
      tokens.push({ kind: 'phrase', start, end: q.end, text: q.text });
      i = q.end;
    } else {
      const head = FIELD_HEAD.exec(source.slice(i, i + 120));
      i = head ? clauseEnd(source, i) : i;
      if (!head) while (i < source.length && !/[\s()"]/.test(source[i] as string)) i++;
      const text = source.slice(start, i);
      tokens.push({ kind: head ? 'clause' : text === 'OR' ? 'or' : 'word', start, end: i, text });
    }
  }
  return { tokens, issues };
};
