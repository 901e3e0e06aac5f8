import { type KeyboardEvent, memo, useCallback, useRef, useState } from 'react';
import type { SeenToken } from './console-run.ts';
import { TokenCard } from './token-card.tsx';
import { probability, visible } from './words.ts';

/** From here on a token counts as wholly unexpected: shades grow up to it. In nats. */
export const FULL = 6;

/**
 * Text as tokens, each shaded by its surprise. Pointing at one shows what else could have stood there, a click keeps it shown; the
 * arrow keys go from token to token.
 */
export const TokenRow = (p: {
  label: string;
  /** Text before the first token of which something is known. */
  lead?: string;
  tokens: readonly SeenToken[];
  /** Goes on with another token in a place; absent: what is shown was read, or is being written. */
  onTake?: ((at: number, alternative: SeenToken['alternatives'][number]) => void) | undefined;
}) => {
  const [at, setAt] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const held = useRef(pinned);
  held.current = pinned;
  const point = useCallback((i: number) => {
    if (held.current === null) setAt(i);
  }, []);
  const focus = useCallback((i: number) => setAt(i), []);
  const pin = useCallback((i: number) => {
    setAt(i);
    setPinned((now) => (now === i ? null : i));
  }, []);
  const token = at === null ? undefined : p.tokens[at];
  const focusOn = (i: number): void => row.current?.querySelectorAll<HTMLElement>('.token')[i]?.focus();
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = at ?? 0;
    const last = p.tokens.length - 1;
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    focusOn(Math.max(0, Math.min(last, next)));
  };
  return (
    <>
      <div ref={row} className="tokens verbatim mono" role="group" aria-label={p.label} onKeyDown={onKeyDown}>
        {p.lead}
        {p.tokens.map((t, i) => (
          <Token
            // Tokens are never moved: their place is what they are.
            key={i}
            token={t}
            index={i}
            current={i === at}
            pinned={i === pinned}
            reachable={i === Math.min(at ?? 0, p.tokens.length - 1)}
            onPoint={point}
            onFocus={focus}
            onPin={pin}
          />
        ))}
      </div>
      {token && at !== null && (
        <TokenCard
          token={token}
          at={at}
          onTake={
            p.onTake &&
            ((alternative) => {
              // The button that was pressed goes; who uses the keyboard stays at the place.
              focusOn(at);
              p.onTake?.(at, alternative);
            })
          }
        />
      )}
    </>
  );
};

interface TokenProps {
  token: SeenToken;
  index: number;
  current: boolean;
  pinned: boolean;
  /** By Tab. */
  reachable: boolean;
  onPoint: (index: number) => void;
  onFocus: (index: number) => void;
  onPin: (index: number) => void;
}

const Token = memo(({ token, index, current, pinned, reachable, onPoint, onFocus, onPin }: TokenProps) => (
  <button
    type="button"
    className={current ? 'token current' : 'token'}
    aria-pressed={pinned}
    tabIndex={reachable ? 0 : -1}
    style={{ '--heat': Math.min(1, -token.logprob / FULL) } as React.CSSProperties}
    title={`${visible(token.text)}: ${probability(token.logprob)}`}
    onClick={() => onPin(index)}
    onMouseEnter={() => onPoint(index)}
    onFocus={() => onFocus(index)}
  >
    {token.text}
  </button>
));
