import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

export const exportsRouter = router({
  formats: allow('read').query(({ ctx }) => ctx.workspace.exports.formats()),
  /** Starts an export of what `query` selects; when it succeeds, the run's `result.file` is fetched from `/download/<file>`. */
  start: allow('files')
    .input(z.object({ format: z.string().max(80), query: QueryText }))
    .mutation(({ ctx, input }) =>
      ctx.workspace.exports.start(input.format, input.query, requireQuery(input.query)),
    ),
});
