import { mostSurprising, stepSurprise } from '@flywheel/domain/local-run';
import type { PieceScore } from '@flywheel/domain/local-task';
import type { CSSProperties } from 'react';
import type { Scored } from './use-score.ts';

/** A mean of so many nats a token counts as wholly unexpected: shades and bars grow up to it. */
const FULL = 4;

const heat = (nats: number): CSSProperties => ({ '--heat': Math.min(1, nats / FULL) }) as CSSProperties;

/** Every step's surprise in one line; a click goes to the step. */
export const HeatStrip = (p: {
  score: Scored;
  /** Tokens are shaded in the text. */
  shaded: boolean;
  onShaded: (shaded: boolean) => void;
  current: number | null;
  onStep: (step: number) => void;
}) => {
  const { all, shown, show } = p.score;
  const most = mostSurprising(shown.steps);
  const { precision, backend, adapter } = shown.ranOn;
  const origin = `${shown.model}, ${precision} on ${adapter ?? backend}, run ${shown.run}`;
  return (
    <div className="heat" role="group" aria-label={`Surprise of ${shown.model}, nats a token`}>
      <div className="row fs11 t2">
        <span className="nowrap">Surprise of</span>
        {all.length > 1 ? (
          <select
            className="field sm"
            aria-label="Model"
            title={origin}
            value={shown.model}
            onChange={(e) => show(e.target.value)}
          >
            {all.map((s) => (
              <option key={s.model}>{s.model}</option>
            ))}
          </select>
        ) : (
          <span className="mono trunc" title={origin}>
            {shown.model}
          </span>
        )}
        <span className="grow" />
        {most && (
          <span className="nowrap">
            S{most.step} most, {most.surprise.toFixed(2)} nats
          </span>
        )}
        <button
          type="button"
          className="btn ghost sm"
          aria-pressed={p.shaded}
          title="Shade every token by its surprise"
          onClick={() => p.onShaded(!p.shaded)}
        >
          Tokens
        </button>
      </div>
      <div className="heat-cells">
        {shown.steps.map((tokens, i) => {
          const nats = stepSurprise(tokens);
          return (
            <button
              key={i}
              type="button"
              className="heat-cell"
              data-most={i === most?.step || undefined}
              aria-current={i === p.current ? 'step' : undefined}
              aria-label={`S${i}: ${nats.toFixed(2)} nats a token`}
              title={`S${i}: ${nats.toFixed(2)} nats a token, ${tokens.surprisal.length} tokens`}
              style={heat(nats)}
              onClick={() => p.onStep(i)}
            >
              {i}
            </button>
          );
        })}
      </div>
    </div>
  );
};

/** One step's surprise, beside what judges say of it. */
export const StepHeat = ({ tokens }: { tokens: PieceScore }) => {
  const nats = stepSurprise(tokens);
  const sum = tokens.surprisal.reduce((a, b) => a + b, 0);
  return (
    <span
      className="step-heat fs11 t3"
      title={`${sum.toFixed(1)} nats over ${tokens.surprisal.length} tokens`}
    >
      <span className="share" aria-hidden="true">
        <i style={{ width: `${Math.min(100, (100 * nats) / FULL)}%` }} />
      </span>
      {nats.toFixed(2)} nats
    </span>
  );
};
