export interface FoundJson {
  value: unknown;
  found: 'whole' | 'fence' | 'prose';
}

const FENCE = /```[a-z]*[ \t]*\r?\n([\s\S]*?)```/gi;

/**
 * JSON objects in a model's answer: the whole text; else those in code fences and amid prose, the last first. One that a
 * fence holds comes twice, first as the fence's.
 */
export const findJson = (text: string): FoundJson[] => {
  const whole = parsed(text);
  if (whole !== undefined) return [{ value: whole, found: 'whole' }];
  const pieces = [
    ...[...text.matchAll(FENCE)].map((m) => ({
      at: text.indexOf('{', m.index),
      piece: m[1] ?? '',
      found: 'fence' as const,
    })),
    ...balanced(text),
  ];
  return pieces
    .sort((a, b) => b.at - a.at)
    .flatMap(({ piece, found }) => {
      const value = parsed(piece);
      return value === undefined ? [] : [{ value, found }];
    });
};

/** The value of JSON text that is an object, else undefined. */
const parsed = (text: string): unknown => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
};

/** Outermost `{...}` with balanced braces, strings skipped. A brace that is never closed begins nothing. */
const balanced = (text: string): { at: number; piece: string; found: 'prose' }[] => {
  const pieces: { at: number; piece: string; found: 'prose' }[] = [];
  let from = text.indexOf('{');
  let unclosed = 0;
  while (from >= 0 && unclosed < 1_000) {
    const end = endOf(text, from);
    if (end === null) {
      unclosed++;
      from = text.indexOf('{', from + 1);
      continue;
    }
    pieces.push({ at: from, piece: text.slice(from, end), found: 'prose' });
    from = text.indexOf('{', end);
  }
  return pieces;
};

const LONGEST = 50_000;

const endOf = (text: string, from: number): number | null => {
  let depth = 0;
  let quoted = false;
  const stop = Math.min(text.length, from + LONGEST);
  for (let i = from; i < stop; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return null;
};
