import { z } from 'zod';

/** Progress of long work. `rate` in units per second over the last seconds, `etaSeconds` null while unknown. */
export const Progress = z.object({
  done: z.number(),
  /** null while the total is unknown. */
  total: z.number().nullable(),
  unit: z.string(),
  rate: z.number(),
  etaSeconds: z.number().nullable(),
  elapsedSeconds: z.number(),
});
export type Progress = z.infer<typeof Progress>;
