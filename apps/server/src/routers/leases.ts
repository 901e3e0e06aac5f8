import { RunId } from '@flywheel/domain/ids';
import { RanOn } from '@flywheel/domain/local-run';
import { LocalAnswer } from '@flywheel/domain/local-task';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

const Lease = z.object({ run: RunId, lease: z.uuid() });

/** Work that tabs take: `packages/runs` local/local-ports.ts says what each does. A run that takes no more is `over`. */
export const leasesRouter = router({
  take: allow('run')
    .input(
      z.object({
        run: RunId,
        worker: z.object({ id: z.string().min(1).max(80), ranOn: RanOn }),
        most: z.number().int().min(1).max(64),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const desk = ctx.workspace.local.desks.get(input.run);
      return desk ? desk.take(input.worker, input.most) : { kind: 'over' as const };
    }),
  renew: allow('run')
    .input(Lease)
    .mutation(async ({ ctx, input }) => ({
      held: (await ctx.workspace.local.desks.get(input.run)?.renew(input.lease)) ?? false,
    })),
  report: allow('run')
    .input(Lease.extend({ answers: z.array(LocalAnswer).max(64) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.workspace.local.desks.get(input.run)?.report(input.lease, input.answers);
    }),
  giveBack: allow('run')
    .input(Lease.extend({ why: z.string().max(2_000).nullable() }))
    .mutation(async ({ ctx, input }) => {
      await ctx.workspace.local.desks.get(input.run)?.giveBack(input.lease, input.why);
    }),
});
