import { categoryLabel } from '@flywheel/domain/category';
import { judgeKind, judgeName } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import { JudgeBadge } from '@flywheel/ui/judge-badge.tsx';
import { useLandmark } from '../../../app/tab.ts';
import { Cited } from './citations.tsx';

interface JudgementListProps {
  judgements: readonly Judgement[];
  conflict: boolean;
  steps: number;
  onStep: (step: number) => void;
}

/** Newest verdict of each judge, side by side. */
export const JudgementList = ({ judgements, conflict, steps, onStep }: JudgementListProps) => (
  <section className="trace-block" aria-label={useLandmark('Judgements')}>
    <h3 className="row">
      Judgements
      <span className="grow" />
      {conflict && <span className="tag warn">△ conflict</span>}
    </h3>
    {judgements.length === 0 && <p className="t3">Nobody has looked at this trace yet.</p>}
    <ul className="judgements">
      {judgements.map((j) => (
        <li key={`${j.judge} ${j.scope}`}>
          <JudgeBadge
            kind={judgeKind(j.judge)}
            verdict={j.verdict === 'clean' ? 'good' : 'bad'}
            {...(j.firstError !== null && { text: `S${j.firstError}` })}
            title={`${j.judge}: ${saysOf(j)}`}
          />
          <span className="trunc" title={`${j.judge} ${j.version}`}>
            {judgeName(j.judge)}
          </span>
          <span className={j.verdict === 'clean' ? 't2 trunc' : 'bad trunc'} title={saysOf(j)}>
            {saysOf(j)}
          </span>
          <span className="num t2">{j.confidence?.toFixed(2)}</span>
          {j.rationale && (
            <p className="rationale t2">
              <Cited text={j.rationale} steps={steps} onStep={onStep} />
            </p>
          )}
        </li>
      ))}
    </ul>
  </section>
);

const saysOf = (j: Judgement): string => {
  const what =
    j.verdict === 'clean'
      ? j.scope === 'outcome'
        ? 'right answer'
        : 'no flaw found'
      : j.firstError !== null
        ? `first error S${j.firstError}`
        : j.scope === 'outcome'
          ? 'wrong answer'
          : 'flawed, place unknown';
  return j.category ? `${what}, ${categoryLabel(j.category)}` : what;
};
