import { parseQuery } from '@flywheel/domain/query/parse';
import { tokenize } from '@flywheel/domain/query/tokens';

/** A piece of the query's text, as it is coloured. Joined, the pieces are the text. */
export interface Segment {
  start: number;
  text: string;
  kind: 'space' | 'field' | 'value' | 'operator' | 'text';
  error: boolean;
}

/** Cuts the text at tokens and at the ends of errors. */
export const segmentsOf = (text: string): Segment[] => {
  const { errors } = parseQuery(text);
  const { tokens } = tokenize(text);
  const kinds: Segment['kind'][] = Array.from({ length: text.length }, () => 'space');
  for (const t of tokens) {
    const colon = t.kind === 'clause' ? t.text.indexOf(':') : -1;
    for (let i = t.start; i < t.end; i++)
      kinds[i] =
        t.kind === 'clause'
          ? i - t.start <= colon
            ? 'field'
            : 'value'
          : t.kind === 'word' || t.kind === 'phrase'
            ? 'text'
            : 'operator';
  }
  const out: Segment[] = [];
  for (let i = 0; i < text.length; i++) {
    const kind = kinds[i] as Segment['kind'];
    const error = errors.some((e) => e.start <= i && i < e.end);
    const last = out.at(-1);
    if (last && last.kind === kind && last.error === error) last.text += text[i];
    else out.push({ start: i, text: text[i] as string, kind, error });
  }
  return out;
};

/** One filter of the query as a chip, or the words between filters. `rest`: the query without it. */
export interface Chip {
  text: string;
  /** Null for words of the text search. */
  field: string | null;
  value: string;
  rest: string;
}

/** The chips of a query that reads without error, in order. */
export const chipsOf = (text: string): Chip[] => {
  const { tokens } = tokenize(text);
  const chips: Chip[] = [];
  let words: { start: number; end: number } | null = null;
  const cut = (start: number, end: number) =>
    `${text.slice(0, start)}${text.slice(end)}`.replace(/\s+/g, ' ').trim();
  const flush = () => {
    if (words)
      chips.push({
        text: text.slice(words.start, words.end),
        field: null,
        value: '',
        rest: cut(words.start, words.end),
      });
    words = null;
  };
  tokens.forEach((t, i) => {
    const minus = tokens[i - 1]?.kind === 'minus' ? tokens[i - 1] : undefined;
    if (t.kind === 'clause') {
      flush();
      const start = minus?.start ?? t.start;
      const colon = t.text.indexOf(':');
      chips.push({
        text: text.slice(start, t.end),
        field: `${minus ? '-' : ''}${t.text.slice(0, colon)}`,
        value: t.text.slice(colon + 1),
        rest: cut(start, t.end),
      });
    } else if (!(t.kind === 'minus' && tokens[i + 1]?.kind === 'clause')) {
      words = { start: words?.start ?? t.start, end: t.end };
    }
  });
  flush();
  return chips;
};
