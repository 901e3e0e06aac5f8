export interface FoundJson {
  value: unknown;
  found: 'whole' | 'fence' | 'prose';
}

const FENCE = /```[a-z]*[ \t]*\r?\n([\s\S]*?)```/gi;

/**
 * JSON objects in a model's answer, the likeliest first: the whole text; else those in code fences, the last first; else
 * those amid prose, the last first. Linear in the length of the text.
 */
export const findJson = (text: string): FoundJson[] => {
  const whole = parsed(text);
  if (whole !== undefined) return [{ value: whole, found: 'whole' }];
  const fenced = [...text.matchAll(FENCE)].flatMap(([, inside = '']) => {
    const value = parsed(inside);
    return value === undefined ? [] : [{ value, found: 'fence' as const }];
  });
  const amid = balanced(text).flatMap((piece) => {
    const value = parsed(piece);
    return value === undefined ? [] : [{ value, found: 'prose' as const }];
  });
  return [...fenced.reverse(), ...amid.reverse()];
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
const balanced = (text: string): string[] => {
  const pieces: string[] = [];
  let from = text.indexOf('{');
  let tries = 0;
  while (from >= 0 && tries++ < 1_000) {
    const end = endOf(text, from);
    if (end === null) {
      from = text.indexOf('{', from + 1);
      continue;
    }
    pieces.push(text.slice(from, end));
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
