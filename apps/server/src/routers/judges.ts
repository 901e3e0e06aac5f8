import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

export const judgesRouter = router({
  /** Judges that gave verdicts, with counts. */
  list: allow('read').query(({ ctx }) => ctx.workspace.store.judgements.judges()),
  verifiers: allow('read').query(({ ctx }) => ctx.workspace.judges.verifiers()),
  /** Starts a run of a verifier over what `query` selects now; returns the run. `verifier`: `calc-annotations` or `verifier:calc-annotations`. */
  run: allow('run')
    .input(z.object({ verifier: z.string().min(1).max(100), query: QueryText }))
    .mutation(({ ctx, input }) =>
      ctx.workspace.judges.start(input.verifier, input.query, requireQuery(input.query)),
    ),
});
