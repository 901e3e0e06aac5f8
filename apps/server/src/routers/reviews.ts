import { ReviewId, TraceId } from '@flywheel/domain/ids';
import { parseQuery, requireQuery } from '@flywheel/domain/query/parse';
import { Review, Reviewer } from '@flywheel/domain/review';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

export const reviewsRouter = router({
  /** Traces to review next, most useful first. `after`: the last trace that the client has. */
  queue: allow('review')
    .input(
      z.object({
        query: QueryText,
        reviewer: Reviewer,
        limit: z.number().int().min(1).max(500),
        after: TraceId.nullish(),
      }),
    )
    .query(({ ctx, input }) =>
      ctx.workspace.store.reviews.queue({
        ...input,
        query: parseQuery(input.query).query,
        after: input.after ?? null,
      }),
    ),
  /** Keeps a review; sending the same id again changes nothing. */
  append: allow('review')
    .input(Review)
    .mutation(({ ctx, input }) => ctx.workspace.store.reviews.append(input)),
  undo: allow('review')
    .input(z.object({ id: ReviewId, undoes: ReviewId, reviewer: Reviewer, at: z.number().int() }))
    .mutation(({ ctx, input }) => ctx.workspace.store.reviews.undo(input)),
  session: allow('review')
    .input(z.object({ reviewer: Reviewer }))
    .query(({ ctx, input }) => ctx.workspace.store.reviews.session(input.reviewer)),
  /** Agreement over the traces that two or more people reviewed. */
  agreement: allow('read')
    .input(z.object({ query: QueryText }))
    .query(({ ctx, input }) => ctx.workspace.agreement(requireQuery(input.query))),
});
