import type { Clause, Query, TextExpr } from './ast.ts';
import { readClause } from './clause.ts';
import { type SyntaxIssue, type Token, tokenize } from './tokens.ts';

/** Where a clause stands in the text, its minus included; `unread`: a clause of those of its values that could not be read. */
export interface ClausePlace {
  start: number;
  end: number;
  unread: string;
}

export interface ParsedQuery {
  /** Everything that could be read; parts with an issue are left out. */
  query: Query;
  /** Of each clause of the query. */
  places: ClausePlace[];
  /** In order of place; ranges are half-open in the given text. */
  errors: SyntaxIssue[];
}

const MAX_DEPTH = 50;

const combine = (op: 'and' | 'or', items: TextExpr[]): TextExpr | null =>
  items.length === 0 ? null : items.length === 1 ? (items[0] as TextExpr) : { op, items };

const word = (text: string): TextExpr =>
  text.endsWith('*') && text.length > 1 ? { op: 'prefix', text: text.slice(0, -1) } : { op: 'term', text };

/** Recursive descent over tokens: or-expression of and-sequences; clauses are collected on the way. */
class Parser {
  readonly clauses: Clause[] = [];
  readonly places: ClausePlace[] = [];
  readonly issues: SyntaxIssue[] = [];
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): TextExpr | null {
    const parts: TextExpr[] = [];
    while (this.at < this.tokens.length) {
      const part = this.either(0);
      if (part) parts.push(part);
      const stray = this.tokens[this.at];
      if (stray) {
        this.issue(stray, 'This parenthesis closes nothing.');
        this.at++;
      }
    }
    return combine('and', parts);
  }

  private either(depth: number): TextExpr | null {
    const branches: TextExpr[] = [];
    for (;;) {
      const branch = this.sequence(depth);
      if (branch) branches.push(branch);
      const token = this.tokens[this.at];
      if (token?.kind !== 'or') return combine('or', branches);
      this.at++;
      const next = this.tokens[this.at];
      if (!branch || !next || next.kind === 'or' || next.kind === 'close')
        this.issue(token, 'OR needs a search term on both sides; put it in quotes to search for the word.');
    }
  }

  private sequence(depth: number): TextExpr | null {
    const items: TextExpr[] = [];
    for (let token = this.tokens[this.at]; token; token = this.tokens[this.at]) {
      if (token.kind === 'or' || token.kind === 'close') break;
      const item = this.item(token, false, depth);
      if (item) items.push(item);
    }
    return combine('and', items);
  }

  /** @param start where the first minus before the token stands */
  private item(token: Token, negated: boolean, depth: number, start = token.start): TextExpr | null {
    this.at++;
    const signed = (e: TextExpr | null): TextExpr | null => (e && negated ? { op: 'not', item: e } : e);
    switch (token.kind) {
      case 'minus': {
        const next = this.tokens[this.at];
        if (next && next.kind !== 'close' && next.kind !== 'or')
          return this.item(next, !negated, depth, start);
        this.issue(token, 'A minus needs something to exclude.');
        return null;
      }
      case 'clause': {
        const { clause, issues, unread } = readClause(token, negated);
        if (depth > 0)
          this.issue(token, 'Fields apply to the whole query: move this out of the parentheses.');
        else if (clause) {
          this.clauses.push(clause);
          this.places.push({ start, end: token.end, unread });
        }
        this.issues.push(...issues);
        return null;
      }
      case 'open': {
        if (depth >= MAX_DEPTH) {
          this.issue(token, `Parentheses go at most ${MAX_DEPTH} deep.`);
          return null;
        }
        const inner = this.either(depth + 1);
        if (this.tokens[this.at]?.kind === 'close') this.at++;
        else this.issue(token, 'This parenthesis is not closed.');
        return signed(inner);
      }
      case 'phrase':
        return token.text.trim() === '' ? null : signed({ op: 'phrase', text: token.text });
      default:
        return signed(word(token.text));
    }
  }

  private issue(token: Token, message: string) {
    this.issues.push({ start: token.start, end: token.end, message });
  }
}

/**
 * Reads the text of the query bar. Never throws: what cannot be read is reported with its place.
 *
 * @example parseQuery('task:gsm8k steps:2..9 "how many"').query.clauses.length // 2
 */
export const parseQuery = (text: string): ParsedQuery => {
  const { tokens, issues } = tokenize(text);
  const parser = new Parser(tokens);
  const expression = parser.whole();
  const errors = [...issues, ...parser.issues].sort((a, b) => a.start - b.start);
  return { query: { clauses: parser.clauses, text: expression }, places: parser.places, errors };
};

/** Thrown where a query must be right before work starts (the CLI, runs, exports). */
export class QueryError extends Error {
  readonly errors: readonly SyntaxIssue[];

  constructor(text: string, errors: readonly SyntaxIssue[]) {
    super(errors.map((e) => `at ${e.start + 1}: "${text.slice(e.start, e.end)}": ${e.message}`).join('\n'));
    this.name = 'QueryError';
    this.errors = errors;
  }
}

/** Like {@link parseQuery}, but throws {@link QueryError} when any part cannot be read. */
export const requireQuery = (text: string): Query => {
  const { query, errors } = parseQuery(text);
  if (errors.length > 0) throw new QueryError(text, errors);
  return query;
};
