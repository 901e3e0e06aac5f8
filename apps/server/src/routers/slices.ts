import { SliceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { Name, QueryText } from './inputs.ts';

export const slicesRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.store.slices.list()),
  save: allow('write')
    .input(z.object({ name: Name, query: QueryText }))
    .mutation(({ ctx, input }) => {
      requireQuery(input.query);
      return ctx.workspace.store.slices.save(input.name, input.query);
    }),
  rename: allow('write')
    .input(z.object({ id: SliceId, name: Name }))
    .mutation(({ ctx, input }) => ctx.workspace.store.slices.rename(input.id, input.name)),
  /** Undone by saving it again. */
  remove: allow('write')
    .input(z.object({ id: SliceId }))
    .mutation(({ ctx, input }) => ctx.workspace.store.slices.remove(input.id)),
});
