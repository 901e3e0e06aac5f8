import type { CriticContext } from './context.ts';
import type { Diagnostic } from './diagnostic.ts';
import { nearest } from './nearest.ts';
import { member, Scope, UNKNOWN } from './scope.ts';
import { type Token, tokenize } from './tokens.ts';
import { FILTERS, FUNCTIONS, KEYWORDS, STATEMENTS, TESTS } from './vocabulary.ts';

type Say = (
  code: Diagnostic['code'],
  severity: Diagnostic['severity'],
  token: Token,
  message: string,
  meant?: string | null,
) => void;

export interface TemplateReading {
  diagnostics: Diagnostic[];
  /** Variables that it shows, and paths such as `trace.text`. */
  used: ReadonlySet<string>;
}

/** Names that a template uses wrongly, and those that it uses. Never throws. */
export const analyseTemplate = (
  part: 'system' | 'user',
  text: string,
  sample?: CriticContext,
): TemplateReading => {
  const diagnostics: Diagnostic[] = [];
  const used = new Set<string>();
  const say: Say = (code, severity, token, message, meant = null) => {
    diagnostics.push({
      part,
      severity,
      code,
      message: meant === null ? message : `${message} Did you mean ${meant}?`,
      start: token.start,
      end: token.end,
      ...(meant === null ? {} : { fix: { title: `Change to ${meant}`, text: meant } }),
    });
  };
  const scope = new Scope(sample);
  for (const { open, inside, closed } of tagsOf(tokenize(text))) {
    const broken = inside.find((t) => t.kind === 'error');
    if (broken)
      say(
        'syntax',
        'error',
        broken,
        /^["']/.test(broken.text) ? 'This string is not closed.' : `"${broken.text}" is not Jinja.`,
      );
    else if (!closed) say('syntax', 'error', open, `This ${open.text.slice(0, 2)} is never closed.`);
    const statement = open.text.startsWith('{%');
    if (statement) scope.enter(inside);
    readExpression(statement ? afterStatement(inside) : inside, scope, used, say);
  }
  return { diagnostics, used };
};

/** The tags of a template with what stands in them. An unclosed comment counts as a tag that is never closed. */
export const tagsOf = (tokens: readonly Token[]): { open: Token; inside: Token[]; closed: boolean }[] => {
  const tags: { open: Token; inside: Token[]; closed: boolean }[] = [];
  let current: { open: Token; inside: Token[]; closed: boolean } | null = null;
  for (const token of tokens) {
    if (token.kind === 'open' || (token.kind === 'error' && token.text.startsWith('{#'))) {
      current = { open: token, inside: [], closed: false };
      tags.push(current);
    } else if (token.kind === 'close' && current) {
      current.closed = true;
      current = null;
    } else if (current && token.kind !== 'text' && token.kind !== 'comment') current.inside.push(token);
  }
  return tags;
};

/** What of a statement is expressions: not its own word, nor the name that a macro, block or filter block has. */
const afterStatement = (inside: Token[]): Token[] => {
  const word = inside[0]?.text ?? '';
  if (!STATEMENTS.has(word)) return [];
  return inside.slice(word === 'macro' || word === 'filter' ? 2 : 1);
};

const readExpression = (tokens: Token[], scope: Scope, used: Set<string>, say: Say): void => {
  tokens.forEach((token, i) => {
    if (token.kind !== 'name') return;
    const before = tokens[i - 1]?.text;
    if (before === '|') {
      if (!FILTERS.has(token.text))
        say(
          'unknown-filter',
          'error',
          token,
          `There is no filter ${token.text}.`,
          nearest(token.text, FILTERS),
        );
      return;
    }
    if (before === 'is' || (before === 'not' && tokens[i - 2]?.text === 'is')) {
      if (token.text !== 'not' && !TESTS.has(token.text))
        say('unknown-test', 'error', token, `There is no test ${token.text}.`, nearest(token.text, TESTS));
      return;
    }
    const argument = tokens[i + 1]?.text === '=';
    if (before === '.' || argument || KEYWORDS.has(token.text)) return;
    used.add(token.text);
    if (scope.has(token.text)) readPath(tokens, i, scope, used, say);
    else if (!FUNCTIONS.has(token.text) && !isGuarded(tokens, i + 1) && !scope.guards(token.text))
      say(
        'undefined-variable',
        'warning',
        token,
        `${token.text} is undefined and renders as nothing.`,
        nearest(token.text, scope.names().keys()),
      );
  });
};

const isGuarded = (tokens: Token[], next: number): boolean =>
  (tokens[next]?.text === '|' && /^(d|default)$/.test(tokens[next + 1]?.text ?? '')) ||
  (tokens[next]?.text === 'is' && tokens.slice(next, next + 3).some((t) => /^(un)?defined$/.test(t.text)));

const readPath = (tokens: Token[], start: number, scope: Scope, used: Set<string>, say: Say): void => {
  let value = scope.value(tokens[start]?.text ?? '');
  let path = tokens[start]?.text ?? '';
  let i = start + 1;
  while (tokens[i]?.text === '.' && tokens[i + 1]?.kind === 'name') {
    const token = tokens[i + 1] as Token;
    const owner = value;
    value = member(owner, token.text);
    const called = tokens[i + 2]?.text === '(';
    if (value === undefined && !called && !isGuarded(tokens, i + 2)) {
      const names = Array.isArray(owner) ? [] : Object.keys(owner as object);
      const has = names.length === 0 ? 'It is a list.' : `It has ${names.join(', ')}.`;
      say(
        'unknown-attribute',
        'warning',
        token,
        `${path} has no ${token.text}, which renders as nothing. ${has}`,
        nearest(token.text, names),
      );
    }
    if (value === undefined) value = UNKNOWN;
    path += `.${token.text}`;
    used.add(path);
    i += 2;
  }
};
