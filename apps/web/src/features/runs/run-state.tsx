import type { RunState } from '@flywheel/domain/run';
import { Check, Clock, type LucideIcon, Pause, Play, TriangleAlert, X } from 'lucide-react';

const LOOKS: Readonly<Record<RunState, { Icon: LucideIcon; tone: string }>> = {
  queued: { Icon: Clock, tone: 't2' },
  running: { Icon: Play, tone: 'acc' },
  paused: { Icon: Pause, tone: 'warn' },
  succeeded: { Icon: Check, tone: 'good' },
  failed: { Icon: TriangleAlert, tone: 'bad' },
  cancelled: { Icon: X, tone: 't3' },
};

/** Icon and word of a run's state. */
export const RunStateMark = ({ state }: { state: RunState }) => {
  const { Icon, tone } = LOOKS[state];
  return (
    <span className={`run-state ${tone}`}>
      <Icon className="i i14" aria-hidden="true" />
      <span>{state}</span>
    </span>
  );
};
