import type { PieceScore } from '@flywheel/domain/local-task';
import type { Score } from '../score/score.ts';

/**
 * Divides the figures of a text's tokens among its pieces: each token belongs to the piece in which it begins.
 *
 * @param starts where each token of the text begins, in UTF-16 units, ascending
 * @param offset index in `score` of the text's first token
 */
export const pieceScores = (
  pieces: readonly string[],
  starts: readonly number[],
  score: Score,
  offset: number,
): PieceScore[] => {
  let end = 0;
  let token = 0;
  return pieces.map((piece, p) => {
    const begin = end;
    end += piece.length;
    const own: PieceScore = { starts: [], surprisal: [], rank: [], entropy: [] };
    // What a tokenizer adds behind the text's end belongs to the last piece.
    while (token < starts.length && ((starts[token] ?? 0) < end || p === pieces.length - 1)) {
      const i = offset + token;
      own.starts.push(Math.max(0, (starts[token] ?? 0) - begin));
      own.surprisal.push(Math.max(0, -(score.logprob[i] ?? 0)));
      own.rank.push(score.rank[i] ?? 0);
      own.entropy.push(Math.max(0, score.entropy[i] ?? 0));
      token++;
    }
    return own;
  });
};
