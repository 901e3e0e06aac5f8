/** One line of two traces laid side by side: indices into each, null where that side has a gap. */
export interface AlignedPair {
  a: number | null;
  b: number | null;
  /** `same`: equal but for blanks; `similar`: the same step said differently; `only`: no partner. */
  relation: 'same' | 'similar' | 'only';
}

/** A run of words that both texts share, or that only this one has. */
export interface TextRun {
  text: string;
  shared: boolean;
}

const MAX_CELLS = 4_000_000;
/** Below this share of common words two steps are no partners. */
const ALIKE = 0.35;

const words = (text: string): string[] => text.match(/\p{L}+|\p{N}+(?:[.,]\p{N}+)*|[^\s\p{L}\p{N}]/gu) ?? [];

/** Sorensen-Dice coefficient of two multisets of words, 0..1. */
const dice = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number => {
  let common = 0;
  let size = 0;
  for (const [word, n] of a) {
    common += Math.min(n, b.get(word) ?? 0);
    size += n;
  }
  for (const n of b.values()) size += n;
  return size === 0 ? 1 : (2 * common) / size;
};

const bag = (text: string): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const w of words(text.toLowerCase())) counts.set(w, (counts.get(w) ?? 0) + 1);
  return counts;
};

/**
 * The in-order pairing of largest total score (Needleman and Wunsch 1970, gaps free).
 *
 * @param score of pairing a[i] with b[j]; 0 or less never pairs
 */
const bestPairs = (
  n: number,
  m: number,
  score: (i: number, j: number) => number,
): { i: number; j: number }[] => {
  const width = m + 1;
  const best = new Float64Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) {
      const skip = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
      const own = score(i, j);
      best[i * width + j] = own > 0 ? Math.max(skip, own + (best[(i + 1) * width + j + 1] ?? 0)) : skip;
    }
  const pairs: { i: number; j: number }[] = [];
  let i = 0;
  let j = 0;
  while (i < n && j < m) {
    const here = best[i * width + j] ?? 0;
    if (here === best[(i + 1) * width + j]) i++;
    else if (here === best[i * width + j + 1]) j++;
    else pairs.push({ i: i++, j: j++ });
  }
  return pairs;
};

/**
 * Lays the steps of two traces of one problem side by side.
 *
 * @param a, b steps' texts; past 4 million pairs of steps they are paired by index
 * @returns every step of both, in order, each once
 */
export const alignSteps = (a: readonly string[], b: readonly string[]): AlignedPair[] => {
  const plain = (s: string) => s.replace(/\s+/g, ' ').trim();
  const bagsA = a.map(bag);
  const bagsB = b.map(bag);
  const likeness = (i: number, j: number): number => {
    const alike = dice(bagsA[i] as Map<string, number>, bagsB[j] as Map<string, number>);
    return alike < ALIKE ? 0 : alike;
  };
  const pairs =
    a.length * b.length > MAX_CELLS
      ? Array.from({ length: Math.min(a.length, b.length) }, (_, i) => ({ i, j: i }))
      : bestPairs(a.length, b.length, likeness);
  const out: AlignedPair[] = [];
  let i = 0;
  let j = 0;
  for (const pair of [...pairs, { i: a.length, j: b.length }]) {
    while (i < pair.i) out.push({ a: i++, b: null, relation: 'only' });
    while (j < pair.j) out.push({ a: null, b: j++, relation: 'only' });
    if (i < a.length && j < b.length) {
      const same = plain(a[i] as string) === plain(b[j] as string);
      out.push({ a: i++, b: j++, relation: same ? 'same' : 'similar' });
    }
  }
  return out;
};

const runs = (tokens: readonly string[], shared: ReadonlySet<number>): TextRun[] => {
  const out: TextRun[] = [];
  tokens.forEach((text, i) => {
    const last = out.at(-1);
    if (last && last.shared === shared.has(i)) last.text += text;
    else out.push({ text, shared: shared.has(i) });
  });
  return out;
};

/**
 * Which words of two texts differ. Joined again, each side's runs are its text, character by character.
 *
 * @example diffWords('336 + 960 = 1296', '336 + 960 = 1286')[1].at(-1) // { text: '1286', shared: false }
 */
export const diffWords = (a: string, b: string): [TextRun[], TextRun[]] => {
  const split = (s: string) => s.match(/\p{L}+|\p{N}+|\s+|[^\s\p{L}\p{N}]/gu) ?? [];
  const [left, right] = [split(a), split(b)];
  if (left.length * right.length > MAX_CELLS)
    return [[{ text: a, shared: a === b }], [{ text: b, shared: a === b }]];
  const pairs = bestPairs(left.length, right.length, (i, j) => (left[i] === right[j] ? 1 : 0));
  return [runs(left, new Set(pairs.map((p) => p.i))), runs(right, new Set(pairs.map((p) => p.j)))];
};
