import type { ChatMessage } from '@flywheel/domain/chat';
import type { CriticBody } from '@flywheel/domain/critic';
import type { CriticContext } from '@flywheel/judges/critic/context';
import type { CriticTemplates } from '@flywheel/judges/critic/render';

/** A piece of a message: the template's own words, or a value that was put in. */
export interface Segment {
  text: string;
  value: boolean;
}

// Private-use characters stand around each value while it is rendered a second time.
const OPEN = '\uE0F0';
const CLOSE = '\uE0F1';
const MARKS = /[\uE0F0\uE0F1]/g;

/**
 * The messages in pieces, values apart from the template's words. They are rendered once more with marks around the values;
 * where that changes anything (a filter that counts or cuts, a comparison), a message is one piece, without marks. `messages`,
 * which is what is sent, is only ever cut, never altered.
 */
export const markedPrompt = (
  templates: Pick<CriticTemplates, 'render'>,
  body: Pick<CriticBody, 'system' | 'user'>,
  sample: CriticContext,
  messages: readonly ChatMessage[],
): Segment[][] => {
  const plain = (m: ChatMessage): Segment[] => [{ text: m.content, value: false }];
  let marked: ChatMessage[];
  try {
    marked = templates.render(body, withMarks(sample));
  } catch {
    return messages.map(plain);
  }
  return messages.map((m, i) => {
    const content = marked[i]?.content ?? '';
    const same = content.replace(MARKS, '') === m.content && !/[\uE0F0\uE0F1]/.test(m.content);
    return same ? segments(content) : plain(m);
  });
};

/** Marks lie inside of the white space at a value's ends, so that `trim` still finds it. */
const marked = (text: string): string => {
  const inner = text.trim();
  if (inner === '') return text;
  const at = text.indexOf(inner);
  return `${text.slice(0, at)}${OPEN}${inner}${CLOSE}${text.slice(at + inner.length)}`;
};

const withMarks = <T>(value: T): T => {
  if (typeof value === 'string') return marked(value) as T;
  if (Array.isArray(value)) return value.map(withMarks) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withMarks(v)])) as T;
};

const segments = (content: string): Segment[] => {
  const out: Segment[] = [];
  let depth = 0;
  let from = 0;
  const push = (to: number): void => {
    if (to > from) out.push({ text: content.slice(from, to), value: depth > 0 });
    from = to + 1;
  };
  for (let i = 0; i < content.length; i++) {
    if (content[i] !== OPEN && content[i] !== CLOSE) continue;
    push(i);
    depth = Math.max(0, depth + (content[i] === OPEN ? 1 : -1));
  }
  push(content.length);
  return out;
};
