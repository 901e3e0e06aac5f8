import { RunId, TraceId } from '@flywheel/domain/ids';
import { z } from 'zod';
import { LocalLaunch } from '../local/local-runs.ts';
import { sampleFigures } from '../local/sample-figures.ts';
import { allow, router } from '../trpc.ts';

/** Runs of local models, and what they found. */
export const localRouter = router({
  /** What a launch would do. */
  plan: allow('read')
    .input(LocalLaunch)
    .query(({ ctx, input }) => ctx.workspace.local.plan(input)),
  launch: allow('run')
    .input(LocalLaunch)
    .mutation(({ ctx, input }) => ctx.workspace.local.launch(input)),
  /** pass@k, majority and agreement of a run's samples, with intervals; null before there are any. */
  figures: allow('read')
    .input(z.object({ run: RunId }))
    .query(({ ctx, input }) => sampleFigures(ctx.workspace.store, input.run)),
  /** A model's surprise at a trace's steps, the newest of each model. */
  scores: allow('read')
    .input(z.object({ trace: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.localViews.scores(input.trace)),
  /** Traces that a trace descends from, and those that descend from it. */
  relatives: allow('read')
    .input(z.object({ trace: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.localViews.relatives(input.trace)),
});
