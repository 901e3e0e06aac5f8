import { ItemCause } from '@flywheel/domain/critique';
import { RunId, TraceId } from '@flywheel/domain/ids';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

const ById = z.object({ id: RunId });

/**
 * What a Runs screen shows and does. A run's `result.file`, when it has one, is fetched from `/download/<file>`, and
 * so is `result.rejectsFile`; `possibleActs` (domain/run.ts) says which of the acts below fit a run now.
 */
export const runsRouter = router({
  /** The newest 500, newest first; running ones with rate and ETA. */
  list: allow('read').query(({ ctx }) => ctx.workspace.runs.list()),
  get: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.runs.get(input.id)),
  /** Failed items with their errors, in order of arrival. */
  failures: allow('read')
    .input(
      ById.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .query(({ ctx, input: { id, ...page } }) => ctx.workspace.store.runAnswers.failures(id, page)),
  /** Stops a queued, running or paused run; its results are kept. */
  cancel: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.cancel(input.id)),
  /** Holds a queued run, or lets a running one finish what is in hand. */
  pause: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.pause(input.id)),
  /** Continues a paused, cancelled, failed or interrupted run with the items that have no result. */
  resume: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.resume(input.id)),
  /** Does the failed items of a run again: all of them, those of one cause, or that of one trace. */
  retry: allow('run')
    .input(ById.extend({ trace: TraceId.optional(), cause: ItemCause.optional() }))
    .mutation(({ ctx, input: { id, ...only } }) => ctx.workspace.runs.retry(id, only)),
  /** Run summaries as they change; after a reconnect, what changed since `lastEventId`. */
  events: allow('read')
    .input(z.object({ lastEventId: z.string().max(40).nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, run } of ctx.workspace.events.since(input?.lastEventId ?? null, signal))
        yield tracked(id, run);
    }),
});
