import type { StepLabel } from '@flywheel/domain/judgement';

export type StepState = 'good' | 'neutral' | 'bad' | 'first-error' | 'unlooked';

export const stepState = (label: StepLabel | null, isFirst: boolean): StepState =>
  label === null
    ? 'unlooked'
    : label === 1
      ? 'good'
      : label === 0
        ? 'neutral'
        : isFirst
          ? 'first-error'
          : 'bad';

export const STATE_WORDS: Readonly<Record<StepState, string>> = {
  good: 'good',
  neutral: 'neutral',
  bad: 'bad',
  'first-error': 'first error',
  unlooked: 'not looked at',
};

/** One cell of the step strip, 8x16 on an 18 px box; shape and colour both tell the state. */
export const StepGlyph = ({ state }: { state: StepState }) => (
  <svg className="rv-glyph" width="8" height="18" aria-hidden="true">
    {state === 'good' && <rect className="g" x="0" y="4" width="8" height="8" rx="1" />}
    {state === 'neutral' && <rect className="z" x="0" y="6.5" width="8" height="3" rx="1" />}
    {state === 'bad' && (
      <>
        <rect className="bo" x="0.5" y="4.5" width="7" height="7" rx="1" />
        <path className="b" d="M0 8h8v3a1 1 0 0 1-1 1H1a1 1 0 0 1-1-1z" />
      </>
    )}
    {state === 'first-error' && (
      <>
        <path className="b" d="M0 1h8v10.5l-4 4-4-4z" />
        <path className="k" d="M2.2 4.7l3.6 3.6M5.8 4.7l-3.6 3.6" />
      </>
    )}
    {state === 'unlooked' && <rect className="u" x="0.5" y="4.5" width="7" height="7" rx="1" />}
  </svg>
);
