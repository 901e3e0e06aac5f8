import { router } from '../trpc.ts';
import { calibrationRouter } from './calibration.ts';
import { criticsRouter } from './critics.ts';
import { exportsRouter } from './exports.ts';
import { importsRouter } from './imports.ts';
import { judgesRouter } from './judges.ts';
import { leasesRouter } from './leases.ts';
import { localRouter } from './local.ts';
import { modelsRouter } from './models.ts';
import { providersRouter } from './providers.ts';
import { reviewsRouter } from './reviews.ts';
import { runsRouter } from './runs.ts';
import { selectionsRouter } from './selections.ts';
import { slicesRouter } from './slices.ts';
import { sqlRouter } from './sql.ts';
import { tagsRouter } from './tags.ts';
import { tracesRouter } from './traces.ts';
import { workspaceRouter } from './workspace.ts';

export const appRouter = router({
  workspace: workspaceRouter,
  imports: importsRouter,
  traces: tracesRouter,
  judges: judgesRouter,
  critics: criticsRouter,
  providers: providersRouter,
  models: modelsRouter,
  local: localRouter,
  leases: leasesRouter,
  runs: runsRouter,
  reviews: reviewsRouter,
  slices: slicesRouter,
  selections: selectionsRouter,
  tags: tagsRouter,
  exports: exportsRouter,
  calibration: calibrationRouter,
  sql: sqlRouter,
});
export type AppRouter = typeof appRouter;
