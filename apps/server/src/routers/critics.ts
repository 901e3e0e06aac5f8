import { CriticBody, CriticId, ExamplePolicy } from '@flywheel/domain/critic';
import { RunId, TraceId } from '@flywheel/domain/ids';
import { ProviderId } from '@flywheel/domain/provider';
import { requireQuery } from '@flywheel/domain/query/parse';
import { z } from 'zod';
import { compareRuns } from '../critics/compare-runs.ts';
import { criticRuns } from '../critics/critic-runs.ts';
import { devFigures } from '../critics/dev-figures.ts';
import { ImproveLaunch } from '../critics/improve-run.ts';
import { CritiqueLaunch } from '../critics/launch.ts';
import { readReport } from '../critics/read-report.ts';
import { recordingPage } from '../critics/recording.ts';
import { RobustnessLaunch } from '../critics/robustness-run.ts';
import { allow, router } from '../trpc.ts';
import { Name, QueryText } from './inputs.ts';

const ByCritic = z.object({ critic: CriticId });
const Traces = ByCritic.extend({ traces: z.array(TraceId).min(1).max(500) });
const PINS = 200;

/** Critics: prompts that judge, in immutable versions. */
export const criticsRouter = router({
  starters: allow('read').query(({ ctx }) => ctx.workspace.critics.starters()),
  list: allow('read').query(({ ctx }) => ctx.workspace.critics.list()),
  get: allow('read')
    .input(ByCritic)
    .query(({ ctx, input }) => ctx.workspace.critics.get(input.critic)),
  /** Keeps a body as a version; an equal body is the version that is there. `parent`: the version it was made from. */
  save: allow('write')
    .input(ByCritic.extend({ body: CriticBody, title: Name, parent: z.number().int().min(1).nullable() }))
    .mutation(({ ctx, input: { critic, body, title, parent } }) =>
      ctx.workspace.critics.save(critic, body, title, parent),
    ),
  archive: allow('write')
    .input(ByCritic.extend({ archived: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.workspace.critics.archive(input.critic, input.archived)),

  pins: router({
    add: allow('write')
      .input(Traces)
      .mutation(({ ctx, input }) => ctx.workspace.critics.pins.add(input.critic, input.traces)),
    /** Pins the first traces that a query selects. */
    addQuery: allow('write')
      .input(ByCritic.extend({ query: QueryText, limit: z.number().int().min(1).max(PINS).default(5) }))
      .mutation(async ({ ctx, input }) => {
        const { store } = ctx.workspace;
        const sort = { key: 'arrival', descending: false } as const;
        const page = { query: requireQuery(input.query), sort, offset: 0, limit: input.limit };
        const { rows } = await store.traces.page(page);
        await ctx.workspace.critics.pins.add(
          input.critic,
          rows.map((r) => r.id),
        );
        return { pinned: rows.length };
      }),
    remove: allow('write')
      .input(Traces)
      .mutation(({ ctx, input }) => ctx.workspace.critics.pins.remove(input.critic, input.traces)),
  }),

  /** What the templates see of a trace. */
  context: allow('read')
    .input(z.object({ trace: TraceId, examples: ExamplePolicy }))
    .query(({ ctx, input }) => ctx.workspace.critics.context(input.trace, input.examples)),
  /** Asks a draft about one trace: its text as it comes, then what it came to. */
  try: allow('run')
    .input(
      z.object({
        body: CriticBody,
        provider: ProviderId,
        model: z.string().min(1).max(200),
        trace: TraceId,
        fresh: z.boolean().default(false),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      yield* ctx.workspace.critics.try(input, signal ?? new AbortController().signal);
    }),

  /** A version against gold's dev split: figures with intervals, the baseline, how many answers did not parse. */
  devFigures: allow('read')
    .input(ByCritic.extend({ version: z.number().int().min(1) }))
    .query(({ ctx, input }) =>
      devFigures(ctx.workspace.store, ctx.workspace.runs, input.critic, input.version),
    ),
  /** Runs that asked a critic and have results, newest first: what can be compared. */
  runs: allow('read')
    .input(ByCritic)
    .query(({ ctx, input }) => criticRuns(ctx.workspace.runs, input.critic)),
  /** Two critique runs on the traces that both have results for, against gold; a look at the test split is counted. */
  compare: allow('read')
    .input(z.object({ a: RunId, b: RunId, split: z.enum(['train', 'dev', 'test', 'all']).default('dev') }))
    .query(({ ctx, input }) => compareRuns(ctx.workspace.store, ctx.workspace.runs, input)),

  /** A page of a critique run's answers, as lines of a recording. */
  recording: allow('read')
    .input(z.object({ run: RunId, from: z.number().int().min(0).default(0) }))
    .query(({ ctx, input }) => recordingPage(ctx.workspace, ctx.workspace.runs, input)),

  /** What a launch would do. */
  plan: allow('read')
    .input(CritiqueLaunch)
    .query(({ ctx, input }) => ctx.workspace.launches.plan(input)),
  /** Freezes what the query selects now, and asks. */
  launch: allow('run')
    .input(CritiqueLaunch)
    .mutation(({ ctx, input }) => ctx.workspace.launches.launch(input)),

  /** Changed traces on which a critic's verdict should hold: `plan` says what a launch would ask. */
  robustness: router({
    plan: allow('read')
      .input(RobustnessLaunch)
      .query(({ ctx, input }) => ctx.workspace.robustness.plan(input)),
    launch: allow('run')
      .input(RobustnessLaunch)
      .mutation(({ ctx, input }) => ctx.workspace.robustness.launch(input)),
  }),
  /** A search for a better prompt, on gold of train and dev: `plan` says what a launch would ask. */
  improve: router({
    plan: allow('read')
      .input(ImproveLaunch)
      .query(({ ctx, input }) => ctx.workspace.improve.plan(input)),
    launch: allow('run')
      .input(ImproveLaunch)
      .mutation(({ ctx, input }) => ctx.workspace.improve.launch(input)),
  }),
  /** What a robustness run or a search found, so far; null before it found anything. */
  report: allow('read')
    .input(z.object({ run: RunId }))
    .query(({ ctx, input }) => readReport(ctx.workspace.store, ctx.workspace.runs, input.run)),
});
