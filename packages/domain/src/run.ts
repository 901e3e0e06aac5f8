import { z } from 'zod';
import { Tuning } from './critique.ts';
import { Progress } from './progress.ts';

export const RunState = z.enum(['queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled']);
export type RunState = z.infer<typeof RunState>;

export const RunEvent = z.enum(['start', 'pause', 'resume', 'succeed', 'fail', 'cancel', 'retry']);
export type RunEvent = z.infer<typeof RunEvent>;

export class IllegalTransition extends Error {
  constructor(state: RunState, event: RunEvent) {
    super(`A ${state} run cannot ${event}.`);
    this.name = 'IllegalTransition';
  }
}

const TRANSITIONS: Record<RunState, Partial<Record<RunEvent, RunState>>> = {
  queued: { start: 'running', cancel: 'cancelled', pause: 'paused' },
  running: { pause: 'paused', succeed: 'succeeded', fail: 'failed', cancel: 'cancelled' },
  paused: { resume: 'queued', cancel: 'cancelled' },
  failed: { retry: 'queued' },
  succeeded: { retry: 'queued' },
  cancelled: { retry: 'queued' },
};

/** The state after `event`; throws {@link IllegalTransition} where the table has none. Pure. */
export const transition = (state: RunState, event: RunEvent): RunState => {
  const next = TRANSITIONS[state][event];
  if (!next) throw new IllegalTransition(state, event);
  return next;
};

export const isOver = (state: RunState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';

export const RunKind = z.enum([
  'import',
  'verify',
  'critique',
  'robustness',
  'improve',
  'score',
  'sample',
  'step-label',
  'download',
  'export',
]);
export type RunKind = z.infer<typeof RunKind>;

/** A run as lists and pages show it. Counts are items; with repetitions, each of them is one. */
export const RunSummary = z.object({
  id: z.number().int(),
  kind: RunKind,
  title: z.string(),
  state: RunState,
  /** Query text or file names that the run was made from. */
  subject: z.string(),
  fingerprint: z.string(),
  total: z.number().int().nullable(),
  done: z.number().int(),
  failed: z.number().int(),
  /** verify: traces the judge does not apply to; import: duplicates. */
  skipped: z.number().int(),
  progress: Progress.nullable(),
  error: z.string().nullable(),
  createdAt: z.number().int(),
  startedAt: z.number().int().nullable(),
  endedAt: z.number().int().nullable(),
  /** Kind-specific figures, e.g. `{ "flawed": 41 }`. */
  result: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** Calls to a model; null for runs that make none. */
  spend: z
    .object({
      calls: z.number().int(),
      cached: z.number().int(),
      parseFailures: z.number().int(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      cost: z.number().nullable(),
    })
    .nullable()
    .default(null),
  /** Calls in flight now and the limit that holds now; null while it is not running, or makes none. */
  flight: z.object({ now: z.number().int(), limit: z.number().int() }).nullable().default(null),
  /** Calls at once, priority and budget as they are set now; null for runs that ask no model. */
  tuning: Tuning.nullable().default(null),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Whether a run is made of items with results of their own, so that single ones can be done again. */
export const isItemwise = (kind: RunKind): boolean =>
  kind === 'verify' || kind === 'critique' || runsLocally(kind);

/** Whether a run can stand still and go on from there. A file is read from its beginning: imports and exports cannot. */
export const isPausable = (kind: RunKind): boolean =>
  kind !== 'import' && kind !== 'export' && kind !== 'download';

/** Whether a run's items are done by a model of this workspace, on a thread of the server or in tabs. */
export const runsLocally = (kind: RunKind): boolean =>
  kind === 'score' || kind === 'sample' || kind === 'step-label';

/** Whether a run asks a provider's model: it has calls, costs and a flight. */
export const asksModel = (kind: RunKind): boolean =>
  kind === 'critique' || kind === 'robustness' || kind === 'improve';

/** What a person may ask of a run. `retry`: its failed items only; `resume`: everything that has no result. */
export type RunAct = 'pause' | 'resume' | 'cancel' | 'retry';

/** The acts that make sense for a run now, in the order in which to offer them. Pure. */
export const possibleActs = (run: Pick<RunSummary, 'kind' | 'state' | 'failed'>): RunAct[] => {
  const itemwise = isItemwise(run.kind);
  switch (run.state) {
    case 'queued':
      return ['pause', 'cancel'];
    case 'running':
      return isPausable(run.kind) ? ['pause', 'cancel'] : ['cancel'];
    case 'paused':
      return ['resume', 'cancel'];
    case 'failed':
    case 'cancelled':
      return itemwise && run.failed > 0 ? ['resume', 'retry'] : ['resume'];
    case 'succeeded':
      return itemwise && run.failed > 0 ? ['retry'] : [];
  }
};
