import type { Judgement } from '@flywheel/domain/judgement';
import { firstBad } from '@flywheel/domain/review';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Draft } from './draft.ts';
import { JudgeBadges } from './judge-badges.tsx';
import { STATE_WORDS, StepGlyph, stepState } from './step-glyph.tsx';
import { StepText } from './step-text.tsx';

export interface StepListProps {
  draft: Draft;
  steps: readonly string[];
  /** Empty while verdicts are hidden. */
  judgements: readonly Judgement[];
  onGo: (step: number) => void;
  /** The small editor that belongs to the step under the cursor, if one is open. */
  editor: ReactNode;
}

/** The steps in full; the one under the cursor is kept in view. */
export const StepList = ({ draft, steps, judgements, onGo, editor }: StepListProps) => {
  const first = firstBad(draft.labels);
  const here = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <ol className="rv-steps">
      {steps.map((text, i) => {
        const state = stepState(draft.labels[i] ?? null, i === first);
        const on = i === draft.cursor;
        const corrected = draft.corrections.find((c) => c.step === i);
        const names = [
          'rv-step',
          on ? 'cursor' : '',
          i === first ? 'first' : '',
          first !== null && i > first ? 'later' : '',
        ];
        return (
          <li key={i} ref={on ? here : undefined} className={names.join(' ')} onClick={() => onGo(i)}>
            <span className="ix mono">S{i}</span>
            <StepGlyph state={state} />
            <div>
              <StepText text={text} />
              {corrected && (
                <p className="rv-correction mono verbatim">
                  <span aria-label="corrected to">→ </span>
                  {corrected.text}
                </p>
              )}
            </div>
            <span className="lab">
              {state !== 'unlooked' && (
                <span className={i === first ? 'tag bad' : 'rv-word'}>{STATE_WORDS[state]}</span>
              )}
              <JudgeBadges judgements={judgements} step={i} />
            </span>
            {on && editor}
          </li>
        );
      })}
    </ol>
  );
};
