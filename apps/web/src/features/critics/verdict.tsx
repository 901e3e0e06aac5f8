import type { Position } from '@flywheel/domain/judgement';

/** A place as words: `S3`, `clean`, or that the answer could not be read. Positions are encoded as on the server. */
export const placeWord = (firstError: number | null): string =>
  firstError === null ? 'clean' : `S${firstError}`;

/** A position as words: flawed at a place that nobody knows is not clean. */
export const positionWord = (at: Position): string =>
  at === 'unlocated' ? 'flawed' : placeWord(at === 'clean' ? null : at);

/** A verdict beside gold: a tick or a cross, and the word. Dashed where it is of an earlier draft or another model. */
export const Verdict = ({
  said,
  gold,
  stale,
}: {
  said: string;
  gold: string | null;
  stale?: string | null;
}) => (
  <span className={`critic-verdict${stale ? ' stale' : ''}`} title={stale ?? undefined}>
    <span className="mono">{said}</span>
    {gold !== null && (
      <span
        className={said === gold ? 'good' : 'bad'}
        title={said === gold ? 'as gold says' : `gold says ${gold}`}
      >
        {said === gold ? '✓' : '✕'}
        <span className="sr">{said === gold ? ' as gold says' : ` gold says ${gold}`}</span>
      </span>
    )}
    {stale && <span className="sr">, {stale}</span>}
  </span>
);
