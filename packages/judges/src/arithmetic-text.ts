/** A piece of a text that speaks arithmetic and English at once. Offsets are half-open into the original text. */
export interface Token {
  kind: 'number' | 'op' | 'open' | 'close' | 'name' | 'equals' | 'word' | 'break';
  /** Canonical: an operator is one of `+ - * / ^`, a claim of equality one of `= is ≈`, a number as `evaluate` reads it. */
  text: string;
  start: number;
  end: number;
  /** White space stands before it. */
  spaced: boolean;
  /** Of a number with a currency sign: `dollar`. */
  currency?: string;
}

type Rule = (match: string) => Omit<Token, 'start' | 'end' | 'spaced'> | null;

const op = (text: string) => ({ kind: 'op' as const, text });
const word = (text: string) => ({ kind: 'word' as const, text: text.toLowerCase() });
const BREAK = { kind: 'break', text: '' } as const;
const SKIP = null;

const claims = (text: '=' | 'is' | '≈') => ({ kind: 'equals' as const, text });

const LATEX = new Map<string, ReturnType<Rule>>([
  ['times', op('*')],
  ['cdot', op('*')],
  ['ast', op('*')],
  ['div', op('/')],
  ['approx', claims('≈')],
  ['left', SKIP],
  ['right', SKIP],
  ['quad', BREAK],
]);

const WORDS = new Map<string, ReturnType<Rule>>([
  ['plus', op('+')],
  ['minus', op('-')],
  ['times', op('*')],
  ['is', claims('is')],
  ['equals', claims('=')],
]);

const CURRENCY: Record<string, string> = { $: 'dollar', '€': 'euro', '£': 'pound' };

/** In the order in which they are tried; each is sticky and of bounded look-ahead, so that a scan is linear. */
const RULES: readonly [RegExp, Rule][] = [
  // GSM8K's calculator annotations repeat what the text says; `calc-annotations` checks them.
  [/<<[^<>\n]{0,500}>>/y, () => SKIP],
  [/[^\S\n]+|\\[,;! ]|\\[[\]()]|&|\\(?:text|boxed|mathrm|mathbf)\{|[{}`_~"“”]/y, () => SKIP],
  // A line that begins with `=` goes on with the line before.
  [/\n\s{0,40}(?=[&\\]?=)/y, () => SKIP],
  // What is left out (`1 + 2 + ... + 10`), and a comma as decimal point: not to be read as it stands.
  [/\.{2,}|…|\d+,\d{1,2}(?!\d)/y, word],
  [
    /\n[^\S\n]{0,40}(?:[-*•+][^\S\n]+|\d{1,3}[.)][^\S\n]+)?|\\\\|[;?|!]|\.(?!\d)|,(?!\d{3})|:(?!\d)|(?<!\d):|—/y,
    () => BREAK,
  ],
  [/\d{1,4}:\d{2}(?::\d{2})?|\d+(?:st|nd|rd|th)\b/y, word],
  [
    /(?:\\?[$€£]\s?)?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:\s?\\?%)?/y,
    (m) => {
      const sign = /[$€£]/.exec(m)?.[0];
      const number = { kind: 'number' as const, text: m.replace(/[\s\\$€£]/g, '') };
      return sign === undefined ? number : { ...number, currency: CURRENCY[sign] ?? sign };
    },
  ],
  [/\\?[$€£]/y, () => SKIP],
  [
    /\\[dt]?frac\{\s?(\d{1,12}(?:\.\d{1,12})?)\s?\}\{\s?(\d{1,12}(?:\.\d{1,12})?)\s?\}/y,
    (m) => ({ kind: 'number', text: `(${m.replace(/^[^{]*\{|[\s}]/g, '').replace('{', '/')})` }),
  ],
  [/\*\*(?=\s?[\d(])(?<=[\d)]\s?\*\*)/y, () => op('^')],
  [/\*\*/y, () => SKIP],
  [/==?|≈|≃/y, (m) => claims(m[0] === '=' ? '=' : '≈')],
  [/[+\-−–*×·÷/^]/y, (m) => op({ '−': '-', '–': '-', '×': '*', '·': '*', '÷': '/' }[m] ?? m)],
  [/[([]/y, () => ({ kind: 'open', text: '(' })],
  [/[)\]]/y, () => ({ kind: 'close', text: ')' })],
  // `3x4`, `3 x (4 + 1)`, `3 x -4`; but `4x - 3` has a variable.
  [/[xX](?=\s?\$?[\d.])(?<=[\d)%]\s?[xX])|[xX](?=\s?(?:\(|-\d))(?<=[\d)%]\s[xX])/y, () => op('*')],
  [/(?:multiplied|divided) by\b/iy, (m) => op(/^m/i.test(m) ? '*' : '/')],
  [/\\([a-z]{1,20})/iy, (m) => (LATEX.has(m.slice(1)) ? (LATEX.get(m.slice(1)) ?? SKIP) : word(m))],
  [/[A-Za-z](?![A-Za-z'’])/y, (m) => (m === 'a' || m === 'I' ? word(m) : { kind: 'name', text: m })],
  [/\p{L}[\p{L}'’-]{0,60}/uy, (m) => WORDS.get(m.toLowerCase()) ?? word(m)],
  [/[\s\S]/y, (m) => word(m)],
];

/** Cuts a text into tokens in one pass; characters that mean nothing here (`"`, `$ $`, `**bold**`) are left out. */
export const scan = (text: string): Token[] => {
  const tokens: Token[] = [];
  const first = /^\s*(?:[-*•+]\s+|\d{1,3}[.)]\s+)?/.exec(text);
  let spaced = true;
  for (let i = first?.[0].length ?? 0; i < text.length; ) {
    for (const [pattern, rule] of RULES) {
      pattern.lastIndex = i;
      const match = pattern.exec(text)?.[0];
      if (!match) continue;
      const token = rule(match);
      if (token) tokens.push({ ...token, start: i, end: i + match.length, spaced });
      spaced = token === null ? spaced || /^\s/.test(match) : false;
      i += match.length;
      break;
    }
  }
  return tokens;
};
