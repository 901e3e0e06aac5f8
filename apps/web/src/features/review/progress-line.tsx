import type { TraceRow } from '@flywheel/domain/trace';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import { OutboxStatus } from './outbox-status.tsx';
import { timeLeft } from './rate.ts';

export interface ProgressLineProps {
  reviewed: number;
  total: number | null;
  /** Traces a minute; null before there is one. */
  rate: number | null;
  row: TraceRow | null;
  blind: boolean;
  peeking: boolean;
  onBlind: (blind: boolean) => void;
}

/** How far along, how fast, how long still; which trace; whether AI verdicts are hidden. */
export const ProgressLine = (p: ProgressLineProps) => (
  <div className="rv-progress">
    <strong>{p.reviewed.toLocaleString('en')}</strong>
    <span className="t2">of {p.total === null ? '…' : p.total.toLocaleString('en')}</span>
    <progress aria-label="reviewed" value={p.reviewed} max={Math.max(1, p.total ?? 1)} />
    {p.rate !== null && (
      <span className="t2">
        {p.rate.toFixed(1)} a minute
        {p.total !== null && p.total > p.reviewed && <> · {timeLeft(p.total - p.reviewed, p.rate)}</>}
      </span>
    )}
    <OutboxStatus />
    <span className="grow" />
    {p.row && (
      <>
        <span className="mono">{p.row.label}</span>
        <span className="t3 mono">{p.row.model}</span>
        {p.row.reviewed && <span className="tag">reviewed before</span>}
      </>
    )}
    <button
      type="button"
      className="tag"
      aria-pressed={p.blind}
      title={p.blind ? 'AI verdicts are hidden until commit; hold v to peek' : 'AI verdicts are shown'}
      onClick={() => p.onBlind(!p.blind)}
    >
      {p.blind ? (p.peeking ? 'AI shown while held' : 'AI hidden') : 'AI shown'} {p.blind && <Kbd keys="v" />}
    </button>
  </div>
);
