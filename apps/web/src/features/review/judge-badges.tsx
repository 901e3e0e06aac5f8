import { judgeKind, judgeName } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';

const LETTER = { verifier: 'V', critic: 'C', local: 'L', human: 'H' } as const;

/** What each judge says of one step. Dashed: a model's opinion that no person has confirmed. */
export const JudgeBadges = ({ judgements, step }: { judgements: readonly Judgement[]; step: number }) => (
  <>
    {judgements.flatMap((j) => {
      const label = j.labels[step] ?? null;
      const first = j.firstError === step;
      if (label === null && !first) return [];
      const kind = judgeKind(j.judge);
      const ai = kind === 'critic' || kind === 'local';
      const glyph = first || label === -1 ? '✕' : label === 1 ? '✓' : '–';
      const tone = first || label === -1 ? 'm' : label === 1 ? 'p' : 'o';
      return [
        <span
          key={j.judge}
          className={`rv-jb ${tone}${ai ? ' ai' : ''}${kind === 'human' ? ' human' : ''}`}
          title={`${judgeName(j.judge)}: ${first ? 'first error here' : label === 1 ? 'good' : label === 0 ? 'neutral' : 'bad'}${j.rationale ? `\n${j.rationale}` : ''}`}
        >
          <b>{LETTER[kind]}</b>
          <i>{glyph}</i>
        </span>,
      ];
    })}
  </>
);
