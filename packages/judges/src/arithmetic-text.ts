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

/** In the order in which they are tried; each of bounded look-ahead, so that a scan is linear. No capturing groups. */
const RULES: readonly [RegExp, Rule][] = [
  // GSM8K's calculator annotations repeat what the text says; `calc-annotations` checks them.
  [/<<[^<>\n]{0,500}>>/u, () => SKIP],
  [/[^\S\n]+|\\[,;! ]|\\[[\]()]|&|\\(?:text|boxed|mathrm|mathbf)\{|[{}`_~"“”]/u, () => SKIP],
  // A line that begins with `=` goes on with the line before.
  [/\n\s{0,40}(?=[&\\]?=)/u, () => SKIP],
  // What is left out (`1 + 2 + ... + 10`), and a comma as decimal point: not to be read as it stands.
  [/\.{2,}|…|\d+,\d{1,2}(?!\d)/u, word],
  [
    /\n[^\S\n]{0,40}(?:[-*•+][^\S\n]+|\d{1,3}[.)][^\S\n]+)?|\\\\|[;?|!]|\.(?!\d)|,(?!\d{3})|:(?!\d)|(?<!\d):|—/u,
    () => BREAK,
  ],
  // Clock times, codes, ordinals.
  [/\d{1,4}:\d{2}(?::\d{2})?|0\d{1,8}(?![\d.])|\d+(?:st|nd|rd|th)\b/u, word],
  [
    /(?:\\?[$€£]\s?)?(?:(?:\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:\s?\\?%)?/u,
    (m) => {
      const sign = /[$€£]/.exec(m)?.[0];
      const number = { kind: 'number' as const, text: m.replace(/\\,/g, ',').replace(/[\s\\{}$€£]/g, '') };
      return sign === undefined ? number : { ...number, currency: CURRENCY[sign] ?? sign };
    },
  ],
  [/\\?[$€£]/u, () => SKIP],
  [
    /\\[dt]?frac\{\s?\d{1,12}(?:\.\d{1,12})?\s?\}\{\s?\d{1,12}(?:\.\d{1,12})?\s?\}/u,
    (m) => ({ kind: 'number', text: `(${m.replace(/^[^{]*\{|[\s}]/g, '').replace('{', '/')})` }),
  ],
  [/\*\*(?=\s?[\d(])(?<=[\d)]\s?\*\*)/u, () => op('^')],
  [/\*\*/u, () => SKIP],
  [/==?|≈|≃/u, (m) => claims(m[0] === '=' ? '=' : '≈')],
  [/[+\-−–*×·÷/^]/u, (m) => op({ '−': '-', '–': '-', '×': '*', '·': '*', '÷': '/' }[m] ?? m)],
  [/[([]/u, () => ({ kind: 'open', text: '(' })],
  [/[)\]]/u, () => ({ kind: 'close', text: ')' })],
  // `3x4`, `3 x (4 + 1)`, `3 x -4`; but `4x - 3` has a variable.
  [/[xX](?=\s?\$?[\d.])(?<=[\d)%]\s?[xX])|[xX](?=\s?(?:\(|-\d))(?<=[\d)%]\s[xX])/u, () => op('*')],
  [/(?:[Ii]s )?[Ee]quals?(?: to)?\b/u, () => claims('=')],
  [/(?:[Mm]ultiplied|[Dd]ivided) by\b/u, (m) => op(/^m/i.test(m) ? '*' : '/')],
  [/\\[A-Za-z]{1,20}/u, (m) => (LATEX.has(m.slice(1)) ? (LATEX.get(m.slice(1)) ?? SKIP) : word(m))],
  [/[A-Za-z](?![A-Za-z'’])/u, (m) => (m === 'a' || m === 'I' ? word(m) : { kind: 'name', text: m })],
  [/\p{L}[\p{L}'’-]{0,60}/u, (m) => WORDS.get(m.toLowerCase()) ?? word(m)],
  [/[\s\S]/u, (m) => word(m)],
];

const PATTERN = new RegExp(RULES.map(([pattern]) => `(${pattern.source})`).join('|'), 'uy');

/** Cuts a text into tokens in one pass; characters that mean nothing here (`"`, `$ $`, `**bold**`) are left out. */
export const scan = (text: string): Token[] => {
  const tokens: Token[] = [];
  const first = /^\s*(?:[-*•+]\s+|\d{1,3}[.)]\s+)?/.exec(text);
  let spaced = true;
  PATTERN.lastIndex = first?.[0].length ?? 0;
  for (let match = PATTERN.exec(text); match; match = PATTERN.exec(text)) {
    const found = match[0];
    const which = match.findIndex((group, k) => k > 0 && group !== undefined) - 1;
    const token = (RULES[which] as (typeof RULES)[number])[1](found);
    if (token) tokens.push({ ...token, start: match.index, end: match.index + found.length, spaced });
    spaced = token === null && (spaced || /^\s/.test(found));
  }
  return tokens;
};
