import { RunId, TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { ruleFigures } from '../local/flag-rule.ts';
import { LocalLaunch } from '../local/local-runs.ts';
import { sampleFigures } from '../local/sample-figures.ts';
import { allow, router } from '../trpc.ts';
import { QueryText } from './inputs.ts';

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
  /** The surprise that a share of a slice's scored traces do not pass, in nats a token; null: none is scored. */
  quantile: allow('read')
    .input(z.object({ query: QueryText, share: z.number().min(0).max(1) }))
    .query(({ ctx, input }) =>
      ctx.workspace.store.rules.surpriseQuantile(requireQuery(input.query), input.share),
    ),
  /** What a rule (more words for the query bar) finds in a slice, and how much of it is flawed. */
  rule: allow('read')
    .input(z.object({ query: QueryText, rule: QueryText }))
    .query(({ ctx, input }) => ruleFigures(ctx.workspace.store, input.query, input.rule)),
  /** A model's surprise at a trace's steps, the newest of each model. */
  scores: allow('read')
    .input(z.object({ trace: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.localViews.scores(input.trace)),
  /** Traces that a trace descends from, and those that descend from it. */
  relatives: allow('read')
    .input(z.object({ trace: TraceId }))
    .query(({ ctx, input }) => ctx.workspace.store.localViews.relatives(input.trace)),
});
