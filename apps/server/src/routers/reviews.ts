import { ReviewId } from '@flywheel/domain/ids';
import { parseQuery, requireQuery } from '@flywheel/domain/query/parse';
import { Review, Reviewer } from '@flywheel/domain/review';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

export const reviewsRouter = router({
  /** The most useful traces that the reviewer has still open. The order moves as verdicts arrive: ask for more than are at hand. */
  queue: allow('review')
    .input(
      z.object({
        query: QueryText,
        reviewer: Reviewer,
        limit: z.number().int().min(1).max(5_000),
      }),
    )
    .query(({ ctx, input }) =>
      ctx.workspace.store.reviews.queue({
        ...input,
        query: parseQuery(input.query).query,
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
