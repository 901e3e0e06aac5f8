import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

export const calibrationRouter = router({
  /**
   * A judge against gold over a slice. Gold left out: given outcome for a judge of outcomes, else people's labels.
   * Judges may be named without their kind when that is unambiguous (`final-answer`).
   */
  compare: allow('read')
    .input(
      z.object({
        judge: z.string().min(1).max(100),
        gold: z.string().min(1).max(100).optional(),
        query: QueryText.default(''),
        seed: z.number().int().default(1),
        resamples: z.number().int().min(0).max(10_000).default(1_000),
      }),
    )
    .query(({ ctx, input }) => ctx.workspace.calibrate(input, requireQuery(input.query))),
});
