import { CLOSED_VALUES, type Clause, FIELDS, type FieldName, type FieldValue } from './ast.ts';
import type { SyntaxIssue, Token } from './tokens.ts';

const NUMERIC: ReadonlySet<string> = new Set(['steps', 'error', 'import', 'run', 'surprise', 'agreement']);
/** Those that take tenths. */
const DECIMAL: ReadonlySet<string> = new Set(['surprise']);
const WORDS_OF_NUMERIC: Partial<Record<string, readonly string[]>> = {
  error: ['clean', 'unlocated', 'none'],
  import: ['none'],
  surprise: ['none'],
  agreement: ['none'],
};

const isField = (name: string): name is FieldName =>
  (FIELDS as readonly string[]).includes(name) || /^meta\..+$/.test(name);

/** Splits `a,"b, c",2..9` at commas outside quotes, with offsets into the clause. */
const splitValues = (text: string, from: number): { text: string; start: number; end: number }[] => {
  const parts: { text: string; start: number; end: number }[] = [];
  let start = from;
  let value = '';
  let inQuote = false;
  for (let i = from; i <= text.length; i++) {
    const c = text[i];
    if (c === undefined || (c === ',' && !inQuote)) {
      parts.push({ text: value, start, end: i });
      start = i + 1;
      value = '';
    } else if (c === '"') inQuote = !inQuote;
    else if (c === '\\' && inQuote && i + 1 < text.length) value += text[++i];
    else value += c;
  }
  return parts;
};

const RANGE = /^(\d{0,9})\.\.(\d{0,9})$/;
const DECIMAL_RANGE = /^(\d{0,9}(?:\.\d)?)\.\.(\d{0,9}(?:\.\d)?)$/;

const readValue = (field: FieldName, text: string): FieldValue | string => {
  if (text === '') return `Give a value after \`${field}:\`.`;
  const closed = CLOSED_VALUES[field];
  if (closed && !closed.includes(text)) return `\`${field}\` is one of ${closed.join(', ')}.`;
  const decimal = DECIMAL.has(field);
  const range = (decimal ? DECIMAL_RANGE : RANGE).exec(text);
  if (range && (range[1] !== '' || range[2] !== '')) {
    const min = range[1] === '' ? null : Number(range[1]);
    const max = range[2] === '' ? null : Number(range[2]);
    if (min !== null && max !== null && min > max) return `The range ${text} is empty: write ${max}..${min}.`;
    if (NUMERIC.has(field)) return { kind: 'range', min, max };
  }
  const number = decimal ? /^\d{1,9}(?:\.\d)?$/ : /^\d{1,9}$/;
  if (NUMERIC.has(field) && !number.test(text) && !WORDS_OF_NUMERIC[field]?.includes(text)) {
    const words = WORDS_OF_NUMERIC[field];
    return `\`${field}\` takes a number or a range such as ${decimal ? '2.5..4' : '2..9'}${words ? `, or ${words.join(', ')}` : ''}.`;
  }
  return { kind: 'is', value: text };
};

/** Reads a `field:value,value` token; issues carry their place in the whole query. `unread`: a clause of the values that could not be read. */
export const readClause = (
  token: Token,
  negated: boolean,
): { clause: Clause | null; issues: SyntaxIssue[]; unread: string } => {
  const colon = token.text.indexOf(':');
  const field = token.text.slice(0, colon);
  if (!isField(field)) {
    const message = `There is no field \`${field}\`. Fields: ${FIELDS.join(', ')}, meta.NAME. To search for this text, put it in quotes.`;
    return {
      clause: null,
      issues: [{ start: token.start, end: token.start + colon, message }],
      unread: token.text,
    };
  }
  const issues: SyntaxIssue[] = [];
  const values: FieldValue[] = [];
  const bad: string[] = [];
  for (const part of splitValues(token.text, colon + 1)) {
    const value = readValue(field, part.text);
    if (typeof value !== 'string') {
      values.push(value);
      continue;
    }
    bad.push(token.text.slice(part.start, part.end));
    issues.push({
      start: token.start + (part.end > part.start ? part.start : 0),
      end: token.start + part.end,
      message: value,
    });
  }
  return {
    clause: values.length > 0 ? { field, negated, values } : null,
    issues,
    unread: bad.some((text) => text !== '') ? `${negated ? '-' : ''}${field}:${bad.join(',')}` : '',
  };
};
