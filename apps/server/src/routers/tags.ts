import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

const Tag = z
  .string()
  .regex(/^[^\s:,"()]{1,60}$/, 'a tag has 1 to 60 characters, no spaces, colons, commas, quotes');

/** Bulk acts on everything that a query matches; each returns `{ act, changed }`, and `undo` takes an act back. */
export const tagsRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.store.tags.list()),
  tag: allow('write')
    .input(z.object({ query: QueryText, tag: Tag, on: z.boolean() }))
    .mutation(({ ctx, input }) =>
      ctx.workspace.store.tags.tag(requireQuery(input.query), input.tag, input.on),
    ),
  flag: allow('write')
    .input(z.object({ query: QueryText, on: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.workspace.store.tags.flag(requireQuery(input.query), input.on)),
  undo: allow('write')
    .input(z.object({ act: z.number().int() }))
    .mutation(({ ctx, input }) => ctx.workspace.store.tags.undo(input.act)),
});
