import type { TextExpr } from '@flywheel/domain/query/ast';
import type { TraceText } from '@flywheel/domain/trace';

/** A piece of text around the first hit, with half-open ranges of the hits in it. `step` is null for the problem. */
export interface Snippet {
  step: number | null;
  text: string;
  marks: [start: number, end: number][];
}

const AROUND = 60;

const leaves = (e: TextExpr): { text: string; prefix: boolean }[] => {
  switch (e.op) {
    case 'and':
    case 'or':
      return e.items.flatMap(leaves);
    case 'not':
      return [];
    default:
      return [{ text: e.text, prefix: e.op === 'prefix' }];
  }
};

/** The same folding as the index: no case, no diacritics, words of letters and digits. */
const fold = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const pattern = (e: TextExpr): RegExp | null => {
  const parts = leaves(e).flatMap(({ text, prefix }) => {
    const words = fold(text).match(/[\p{L}\p{N}]+/gu);
    return words
      ? [`${words.join('[^\\p{L}\\p{N}]+')}${prefix ? '[\\p{L}\\p{N}]*' : '(?![\\p{L}\\p{N}])'}`]
      : [];
  });
  return parts.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})`, 'gu');
};

/** The first place of a hit: in the problem, else in a step; null where only a rationale holds it. */
export const snippetsOf = (expression: TextExpr | null, trace: TraceText): Snippet | null => {
  const hit = expression && pattern(expression);
  if (!hit) return null;
  const places: [number | null, string][] = [
    [null, trace.prompt],
    ...trace.steps.map((s, i): [number, string] => [i, s]),
  ];
  for (const [step, full] of places) {
    const folded = fold(full);
    // Folding may change lengths; marks are only right where it did not.
    const text = folded.length === full.length ? full : folded;
    const first = folded.search(hit);
    if (first < 0) continue;
    const from = Math.max(0, first - AROUND);
    const piece = text.slice(from, first + AROUND * 2);
    const marks = [...fold(piece).matchAll(hit)].map((m): [number, number] => [
      m.index,
      m.index + m[0].length,
    ]);
    return { step, text: piece, marks };
  }
  return null;
};
