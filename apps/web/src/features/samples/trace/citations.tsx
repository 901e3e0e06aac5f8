import { Fragment } from 'react';

/** A rationale whose citations such as [S2] lead to the step. */
export const Cited = (p: { text: string; steps: number; onStep: (step: number) => void }) => (
  <>
    {p.text.split(/(\[S\d{1,4}\])/).map((part, i) => {
      const step = /^\[S(\d+)\]$/.exec(part)?.[1];
      return step !== undefined && Number(step) < p.steps ? (
        <button key={i} type="button" className="cite" onClick={() => p.onStep(Number(step))}>
          S{step}
        </button>
      ) : (
        <Fragment key={i}>{part}</Fragment>
      );
    })}
  </>
);
