import { firstBad } from '@flywheel/domain/review';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import type { Labels } from './draft.ts';
import { STATE_WORDS, StepGlyph, stepState } from './step-glyph.tsx';

export interface StepRailProps {
  labels: Labels;
  cursor: number;
  onGo: (step: number) => void;
}

/** The numbered, coloured rail that stays in sight: one row a step, a click goes there. */
export const StepRail = ({ labels, cursor, onGo }: StepRailProps) => {
  const first = firstBad(labels);
  return (
    <nav className="rv-rail" aria-label="Steps">
      <ol>
        {labels.map((label, i) => {
          const state = stepState(label, i === first);
          return (
            <li key={i} className={i === cursor ? 'on' : undefined}>
              <button type="button" onClick={() => onGo(i)} aria-current={i === cursor ? 'step' : undefined}>
                <span className="mono">S{i}</span>
                <StepGlyph state={state} />
                <span>{STATE_WORDS[state]}</span>
              </button>
            </li>
          );
        })}
      </ol>
      <div className="rv-rail-keys">
        <Kbd keys="j" />
        <Kbd keys="k" /> step
      </div>
    </nav>
  );
};
