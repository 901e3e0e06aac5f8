import { useState } from 'react';
import type { SeenToken } from './console-run.ts';
import { probability, visible } from './words.ts';

/** From here on a token counts as wholly unexpected: shades grow up to it. In nats. */
const FULL = 6;

/** Text as tokens, each shaded by its surprise. Pointing at one, or focusing it, shows what else could have stood there. */
export const TokenRow = (p: {
  tokens: readonly SeenToken[];
  /** Goes on with another token in a place; absent: what is shown was read, not written. */
  onTake?: ((at: number, alternative: SeenToken['alternatives'][number]) => void) | undefined;
}) => {
  const [at, setAt] = useState<number | null>(null);
  const token = at === null ? undefined : p.tokens[at];
  return (
    <>
      <p className="tokens verbatim mono">
        {p.tokens.map((t, i) => (
          <button
            // Tokens are never moved: their place is what they are.
            key={i}
            type="button"
            className="token"
            aria-pressed={i === at}
            style={{ '--heat': Math.min(1, -t.logprob / FULL) } as React.CSSProperties}
            title={`${visible(t.text)}: ${probability(t.logprob)}`}
            onClick={() => setAt(i === at ? null : i)}
            onMouseEnter={() => setAt(i)}
            onFocus={() => setAt(i)}
          >
            {t.text}
          </button>
        ))}
      </p>
      {token && at !== null && (
        <section className="token-card" aria-label={`Token ${at}`} aria-live="polite">
          <p>
            <b className="mono">{visible(token.text)}</b> {probability(token.logprob)},{' '}
            {(-token.logprob).toFixed(2)} nats,{' '}
            {token.rank === 0 ? 'the likeliest' : `${token.rank} were likelier`}, entropy{' '}
            {token.entropy.toFixed(2)}
          </p>
          {token.alternatives.length > 0 && (
            <ul>
              {token.alternatives.map((a) => (
                <li key={a.id}>
                  <button
                    type="button"
                    className="alternative"
                    aria-current={a.id === token.id}
                    disabled={!p.onTake || a.id === token.id}
                    title="Go on with this one instead"
                    onClick={() => p.onTake?.(at, a)}
                  >
                    <span className="mono trunc">{visible(a.text)}</span>
                    <span className="share" aria-hidden="true">
                      <i style={{ width: `${100 * Math.exp(a.logprob)}%` }} />
                    </span>
                    <span>{probability(a.logprob)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
};
