import { RunId } from '@flywheel/domain/ids';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

const ById = z.object({ id: RunId });

export const runsRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.runs.list()),
  get: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.runs.get(input.id)),
  cancel: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.cancel(input.id)),
  /** Continues a cancelled, failed or interrupted run with the items that have no result. */
  resume: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.resume(input.id)),
  /** Run summaries as they change; after a reconnect, what changed since `lastEventId`. */
  events: allow('read')
    .input(z.object({ lastEventId: z.string().max(40).nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, run } of ctx.workspace.events.since(input?.lastEventId ?? null, signal))
        yield tracked(id, run);
    }),
});
