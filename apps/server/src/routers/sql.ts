import { z } from 'zod';
import { allow, router } from '../trpc.ts';

export const sqlRouter = router({
  /** One read-only statement within limits of rows and time. A mutation only so that the text travels in a body. */
  query: allow('sql')
    .input(
      z.object({
        text: z.string().min(1).max(100_000),
        maxRows: z.number().int().min(1).max(100_000).default(10_000),
        timeoutMs: z.number().int().min(10).max(60_000).default(15_000),
      }),
    )
    .mutation(({ ctx, input: { text, ...limits } }) => ctx.workspace.store.sql.query(text, limits)),
});
