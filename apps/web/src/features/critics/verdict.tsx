import { type Judgement, position } from '@flywheel/domain/judgement';

/** A place as words: `S3`, `clean`, or that the answer could not be read. Positions are encoded as on the server. */
export const placeWord = (firstError: number | null): string =>
  firstError === null ? 'clean' : `S${firstError}`;

/** A judgement as words: flawed at a place that nobody knows is not clean. */
export const verdictWord = (judgement: Pick<Judgement, 'verdict' | 'firstError'>): string => {
  const at = position(judgement);
  return at === 'unlocated' ? 'flawed' : placeWord(at === 'clean' ? null : at);
};

/** A verdict beside gold: a tick or a cross, and the word. */
export const Verdict = ({ said, gold }: { said: string; gold: string | null }) => (
  <span className="critic-verdict">
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
  </span>
);
