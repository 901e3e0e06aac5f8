import { judgeKind, judgeName } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { TraceDetail } from '@flywheel/domain/trace';
import { JudgeBadge } from '@flywheel/ui/judge-badge.tsx';
import { StepStrip } from '@flywheel/ui/step-strip.tsx';
import { useEffect, useRef, useState } from 'react';
import { useLandmark } from '../../../app/tab.ts';
import { HeatStrip, StepHeat } from './surprise.tsx';
import { TokenText } from './token-text.tsx';
import { TraceText } from './trace-text.tsx';
import type { Scored } from './use-score.ts';

interface StepsProps {
  trace: TraceDetail;
  rendered: boolean;
  /** A local model's surprise at the steps; null: none has scored the trace. */
  score: Scored | null;
  /** The step that the keys are on; null = none yet. */
  current: number | null;
  onCurrent: (step: number) => void;
}

/** Every step with its label, what each judge says of it, and false calculations put right. */
export const Steps = ({ trace, rendered, score, current, onCurrent }: StepsProps) => {
  const [shaded, setShaded] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (current !== null) list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current, trace.row.id]);
  const { row, steps, judgements } = trace;
  return (
    <section aria-label={useLandmark('Steps')}>
      <h3 className="ph">
        <span>Steps {steps.length}</span>
        <span className="grow" />
        <span className="legend t3 fs11" aria-hidden="true">
          <i>
            <StepStrip strip="+" firstError={null} confirmed /> good
          </i>
          <i>
            <StepStrip strip="0" firstError={null} confirmed /> neutral
          </i>
          <i>
            <StepStrip strip="-" firstError={null} confirmed /> bad
          </i>
          <i>
            <StepStrip strip="-" firstError={0} confirmed /> first
          </i>
        </span>
      </h3>
      {score && (
        <HeatStrip score={score} shaded={shaded} onShaded={setShaded} current={current} onStep={onCurrent} />
      )}
      {steps.length === 0 && <p className="samples-note t3">This trace has no steps.</p>}
      <ol ref={list} className="steps">
        {steps.map((text, i) => (
          <li
            key={i}
            className="step"
            data-first={i === row.firstError || undefined}
            data-current={i === current || undefined}
            aria-current={i === current ? 'step' : undefined}
            onClick={() => onCurrent(i)}
          >
            <span className="mono step-name">S{i}</span>
            <StepStrip
              strip={row.strip[i] ?? '.'}
              firstError={i === row.firstError ? 0 : null}
              confirmed={row.flawKind === 'human'}
            />
            <div>
              {shaded && score?.shown.steps[i] ? (
                <TokenText text={text} tokens={score.shown.steps[i]} />
              ) : (
                <TraceText
                  text={text}
                  rendered={rendered}
                  evidence={judgements.flatMap((j) => j.evidence.filter((e) => e.step === i))}
                />
              )}
              {score?.shown.steps[i] && <StepHeat tokens={score.shown.steps[i]} />}
              <StepBadges judgements={judgements} step={i} first={i === row.firstError} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
};

const StepBadges = (p: { judgements: readonly Judgement[]; step: number; first: boolean }) => {
  const speaking = p.judgements.filter(
    (j) => j.scope === 'steps' && ((j.labels[p.step] ?? null) !== null || j.firstError === p.step),
  );
  if (speaking.length === 0 && !p.first) return null;
  return (
    <div className="step-badges">
      {speaking.map((j) => {
        const label = j.labels[p.step] ?? -1;
        const verdict = label === 1 ? 'good' : label === 0 ? 'neutral' : 'bad';
        const says = j.firstError === p.step ? 'first error here' : verdict;
        return (
          <JudgeBadge
            key={j.judge}
            kind={judgeKind(j.judge)}
            verdict={verdict}
            title={`${judgeName(j.judge)}: ${says}`}
          />
        );
      })}
      <span className="grow" />
      {p.first && <span className="tag bad">first error</span>}
    </div>
  );
};
