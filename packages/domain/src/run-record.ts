import type { ItemCause } from './critique.ts';
import type { TraceId } from './ids.ts';
import type { RunSummary } from './run.ts';
import type { JsonValue } from './trace.ts';

/** What a run was made from; its kind knows how to read it. */
export type RunConfig = { [key: string]: JsonValue };

/** What of a run changes. */
export type RunPatch = Partial<
  Pick<
    RunSummary,
    | 'state'
    | 'total'
    | 'done'
    | 'failed'
    | 'skipped'
    | 'error'
    | 'startedAt'
    | 'endedAt'
    | 'result'
    | 'spend'
    | 'fingerprint'
  >
> & { config?: RunConfig };

/** Which failed items are meant: those of one trace, or of one cause; all where neither is given. */
export interface FailedOnly {
  trace?: TraceId | undefined;
  cause?: ItemCause | undefined;
}
