import type { SeenToken } from './console-run.ts';
import { probability, visible } from './words.ts';

const likelier = (rank: number): string =>
  rank === 0 ? 'the likeliest' : rank === 1 ? '1 was likelier' : `${rank} were likelier`;

/** What is known of one token, and what else could have stood there. */
export const TokenCard = (p: {
  token: SeenToken;
  at: number;
  onTake?: ((alternative: SeenToken['alternatives'][number]) => void) | undefined;
}) => {
  const { token, at, onTake } = p;
  return (
    <section className="token-card" aria-label={`Token ${at}`} aria-live="polite">
      <p>
        <b className="mono">{visible(token.text)}</b> {probability(token.logprob)},{' '}
        {(-token.logprob).toFixed(2)} nats, {likelier(token.rank)}, entropy {token.entropy.toFixed(2)}
      </p>
      {token.alternatives.length > 0 && (
        <ul>
          {token.alternatives.map((a) => (
            <li key={a.id}>
              <button
                type="button"
                className="alternative"
                aria-current={a.id === token.id}
                disabled={!onTake || a.id === token.id}
                title="Go on with this one instead"
                onClick={() => onTake?.(a)}
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
  );
};
