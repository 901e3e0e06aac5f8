import { Sort } from '@flywheel/domain/facet';
import { TraceId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { Page, QueryText } from './inputs.ts';

/** Reading works with the readable part of a query, so that the list stays while one types. */
const readable = (text: string) => parseQuery(text).query;

export const tracesRouter = router({
  page: allow('read')
    .input(Page)
    .query(({ ctx, input }) => ctx.workspace.store.traces.page({ ...input, query: readable(input.query) })),
  facets: allow('read')
    .input(z.object({ query: QueryText }))
    .query(({ ctx, input }) => ctx.workspace.store.traces.facets(readable(input.query))),
  facetValues: allow('read')
    .input(z.object({ query: QueryText, field: z.string().max(200), contains: z.string().max(200) }))
    .query(({ ctx, input }) =>
      ctx.workspace.store.traces.facetValues(readable(input.query), input.field, input.contains),
    ),
  /** Fields that came with a file and that no mapping used. */
  importedFields: allow('read').query(({ ctx }) => ctx.workspace.store.traces.importedFields()),
  open: allow('read')
    .input(z.object({ id: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.traces.open(input.id)),
  openMany: allow('read')
    .input(z.object({ ids: z.array(TraceId).max(50) }))
    .query(({ ctx, input }) => ctx.workspace.store.traces.openMany(input.ids)),
  /** Where a trace stands in a list: its offset, or null. */
  locate: allow('read')
    .input(z.object({ query: QueryText, sort: Sort, id: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.traces.locate({ ...input, query: readable(input.query) })),
  snippets: allow('read')
    .input(z.object({ query: QueryText, ids: z.array(TraceId).max(200) }))
    .query(({ ctx, input }) => ctx.workspace.store.traces.snippets(readable(input.query), input.ids)),
});
