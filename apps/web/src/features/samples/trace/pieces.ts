import type { Evidence } from '@flywheel/domain/judgement';

/** A stretch of a text; `claim` where it claims something false. */
export interface Piece {
  text: string;
  claim: Evidence | null;
}

/** Cuts the text at false claims; where two overlap, the earlier one is shown. */
export const piecesOf = (text: string, evidence: readonly Evidence[]): Piece[] => {
  const pieces: Piece[] = [];
  let from = 0;
  for (const e of [...evidence].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (e.ok || e.start < from || e.end > text.length || e.end <= e.start) continue;
    pieces.push({ text: text.slice(from, e.start), claim: null });
    pieces.push({ text: text.slice(e.start, e.end), claim: e });
    from = e.end;
  }
  pieces.push({ text: text.slice(from), claim: null });
  return pieces.filter((p) => p.text !== '');
};
