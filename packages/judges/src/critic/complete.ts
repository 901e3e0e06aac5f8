import { tagsOf } from './analyse-template.ts';
import type { CriticContext } from './context.ts';
import { Scope, UNKNOWN } from './scope.ts';
import { type Token, tokenize } from './tokens.ts';
import { FILTERS, FUNCTIONS, KEYWORDS, STATEMENTS, TESTS } from './vocabulary.ts';

export interface Completion {
  label: string;
  kind: 'variable' | 'attribute' | 'filter' | 'test' | 'function' | 'keyword';
  /** The sample's value, shortened to 80 characters; empty where it is not known. */
  detail: string;
  /** Taking it replaces `start..end`, UTF-16 offsets. */
  start: number;
  end: number;
}

/**
 * What may be written at an offset of a template: in text and comments nothing.
 *
 * @param sample gives attributes and previews; without one the shape that every trace has
 * @example completeAt('{{ problem. }}', 11, sample) // prompt, task
 */
export const completeAt = (text: string, offset: number, sample?: CriticContext): Completion[] => {
  const tags = tagsOf(tokenize(text.slice(0, offset)));
  const last = tags.at(-1);
  if (!last || last.closed || last.open.kind === 'error') return [];
  const scope = new Scope(sample);
  for (const tag of tags) if (tag.open.text.startsWith('{%') && tag.closed) scope.enter(tag.inside);
  const inside = [...last.inside];
  const typed = inside.at(-1)?.kind === 'name' && inside.at(-1)?.end === offset ? inside.pop() : undefined;
  if (inside.at(-1)?.kind === 'error') return [];
  const start = typed?.start ?? offset;
  const of = (kind: Completion['kind'], labels: Iterable<string>): Completion[] =>
    [...labels].map((label) => ({ label, kind, detail: '', start, end: offset }));
  const before = inside.at(-1)?.text;
  if (before === '|') return of('filter', FILTERS);
  if (before === 'is' || (before === 'not' && inside.at(-2)?.text === 'is')) return of('test', TESTS);
  const valued = (kind: Completion['kind'], entries: Iterable<[string, unknown]>): Completion[] =>
    [...entries].map(([label, value]) => ({ label, kind, detail: preview(value), start, end: offset }));
  if (before === '.') return valued('attribute', membersOf(inside, scope));
  if (last.open.text.startsWith('{%') && inside.length === 0) return of('keyword', STATEMENTS);
  return [...valued('variable', scope.names()), ...of('function', FUNCTIONS), ...of('keyword', KEYWORDS)];
};

/** Members of the path that ends with the last dot. */
const membersOf = (inside: readonly Token[], scope: Scope): [string, unknown][] => {
  const path = inside.slice(0, -1);
  for (let i = 0; i < path.length; i++) {
    if (path[i]?.kind !== 'name' || path[i - 1]?.text === '.') continue;
    const { value, next } = scope.path(path, i);
    if (next !== path.length) continue;
    const known = typeof value === 'object' && value !== null && !Array.isArray(value);
    return known ? Object.entries(value) : [];
  }
  return [];
};

const preview = (value: unknown): string => {
  if (value === UNKNOWN || value === undefined) return '';
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
};
