import type { PieceScore } from '@flywheel/domain/local-task';
import type { CSSProperties } from 'react';

/** From here on a token counts as wholly unexpected, in nats. */
const FULL = 6;

/** A step's text, each token shaded by its surprise; what stands before the first token belongs to the step before. */
export const TokenText = ({ text, tokens }: { text: string; tokens: PieceScore }) => {
  const { starts, surprisal, rank, entropy } = tokens;
  const first = starts[0] ?? text.length;
  return (
    <p className="verbatim mono">
      {text.slice(0, first)}
      {starts.map((start, i) => {
        const nats = surprisal[i] ?? 0;
        return (
          <span
            key={i}
            className="token-shade"
            style={{ '--heat': Math.min(1, nats / FULL) } as CSSProperties}
            title={`${nats.toFixed(2)} nats, ${rank[i] === 0 ? 'the likeliest' : `${rank[i]} were likelier`}, entropy ${(entropy[i] ?? 0).toFixed(2)}`}
          >
            {text.slice(start, starts[i + 1] ?? text.length)}
          </span>
        );
      })}
    </p>
  );
};
