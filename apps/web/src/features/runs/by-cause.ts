import type { TraceId } from '@flywheel/domain/ids';

export interface Cause {
  error: string;
  traces: TraceId[];
}

/** Failed items of one error together, the most frequent first; within one, in the order given. */
export const byCause = (items: readonly { trace: TraceId; error: string }[]): Cause[] => {
  const causes = new Map<string, Cause>();
  for (const { trace, error } of items) {
    const cause = causes.get(error);
    if (cause) cause.traces.push(trace);
    else causes.set(error, { error, traces: [trace] });
  }
  return [...causes.values()].sort((a, b) => b.traces.length - a.traces.length);
};
