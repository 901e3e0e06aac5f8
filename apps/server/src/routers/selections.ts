import { SelectionId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { Name, QueryText } from './inputs.ts';

export const selectionsRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.store.selections.list()),
  /** Freezes what `query` selects now under a name; an existing selection of that name grows. */
  freeze: allow('write')
    .input(z.object({ name: Name, query: QueryText }))
    .mutation(({ ctx, input }) =>
      ctx.workspace.store.selections.freeze(input.name, input.query, requireQuery(input.query)),
    ),
  rename: allow('write')
    .input(z.object({ id: SelectionId, name: Name }))
    .mutation(({ ctx, input }) => ctx.workspace.store.selections.rename(input.id, input.name)),
  remove: allow('write')
    .input(z.object({ id: SelectionId }))
    .mutation(({ ctx, input }) => ctx.workspace.store.selections.remove(input.id)),
});
