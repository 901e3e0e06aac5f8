import type { TraceId } from '@flywheel/domain/ids';
import type { Review } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import { TRPCClientError } from '@trpc/client';
import { client } from '../../app/trpc.ts';
import { RefusedReview } from './outbox.ts';

/** What the review page asks of the server; the only file of this feature that knows procedure names. */
export const reviewServer = {
  queue: (query: string, reviewer: string, limit: number): Promise<TraceId[]> =>
    client.reviews.queue.query({ query, reviewer, limit }),

  /** The reviewer's last 24 hours. */
  session: (reviewer: string) => client.reviews.session.query({ reviewer }),

  /** Traces that a query selects: `limit` 1 is the smallest page, only its total is used. */
  count: async (query: string): Promise<number> =>
    (
      await client.traces.page.query({
        query,
        offset: 0,
        limit: 1,
        sort: { key: 'arrival', descending: false },
      })
    ).total,

  openMany: async (ids: readonly TraceId[]): Promise<TraceDetail[]> =>
    client.traces.openMany.query({ ids: [...ids] }),

  open: (id: TraceId): Promise<TraceDetail | null> => client.traces.open.query({ id }),

  /** Rejects with `RefusedReview` when the server says that the review itself is wrong; else "not reachable". */
  send: async (review: Review): Promise<void> => {
    try {
      if (review.action === 'undo' && review.undoes !== null) {
        const { id, undoes, reviewer, at } = review;
        await client.reviews.undo.mutate({ id, undoes, reviewer, at });
      } else await client.reviews.append.mutate(review);
    } catch (error) {
      const code: unknown = error instanceof TRPCClientError ? error.data?.code : undefined;
      if (code === 'BAD_REQUEST' || code === 'NOT_FOUND' || code === 'CONFLICT' || code === 'PARSE_ERROR') {
        throw new RefusedReview(error instanceof Error ? error.message : String(error));
      }
      throw error;
    }
  },

  agreement: (query: string) => client.reviews.agreement.query({ query }),
};
