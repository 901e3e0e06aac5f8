import { Budget, ItemCause, type Tuning } from '@flywheel/domain/critique';
import { RunId, TraceId } from '@flywheel/domain/ids';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { runFigures } from '../critics/run-figures.ts';
import { allow, router } from '../trpc.ts';

const ById = z.object({ id: RunId });

/**
 * What a Runs screen shows and does. A run's `result.file`, when it has one, is fetched from `/download/<file>`, and
 * so is `result.rejectsFile`; `possibleActs` (domain/run.ts) says which of the acts below fit a run now.
 */
export const runsRouter = router({
  /** The newest 500, newest first; running ones with rate and ETA. */
  list: allow('read').query(({ ctx }) => ctx.workspace.runs.list()),
  get: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.runs.get(input.id)),
  /** Failed items with their errors, in order of arrival. */
  failures: allow('read')
    .input(
      ById.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .query(({ ctx, input: { id, ...page } }) => ctx.workspace.store.runAnswers.failures(id, page)),
  /** Failed items by cause, the most frequent first, each with its newest error. */
  causes: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.store.runAnswers.causes(input.id)),
  /** Results of a run that asks a model: verdicts, times, costs; by repetition, then in order of arrival. */
  answers: allow('read')
    .input(
      ById.extend({
        filter: z.enum(['all', 'flawed', 'clean', 'failed', 'parse']).default('all'),
        /** Only those that failed for it. */
        cause: ItemCause.optional(),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .query(({ ctx, input: { id, ...page } }) => ctx.workspace.store.runAnswers.page(id, page)),
  /** One result whole: what was asked, the answer's text, and why it failed if it did. */
  answer: allow('read')
    .input(ById.extend({ trace: TraceId, repetition: z.number().int().min(0).default(0) }))
    .query(({ ctx, input }) => ctx.workspace.launches.answer(input.id, input.trace, input.repetition)),
  /** Stops a queued, running or paused run; its results are kept. */
  cancel: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.cancel(input.id)),
  /** Holds a queued run, or lets a running one finish what is in hand. */
  pause: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.pause(input.id)),
  /** Continues a paused, cancelled, failed or interrupted run with the items that have no result. */
  resume: allow('run')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.runs.resume(input.id)),
  /** Does the failed items of a run again: all of them, those of one cause, or that of one trace. */
  retry: allow('run')
    .input(ById.extend({ trace: TraceId.optional(), cause: ItemCause.optional() }))
    .mutation(({ ctx, input: { id, ...only } }) => ctx.workspace.runs.retry(id, only)),
  /** What several runs came to, side by side; gold's dev split alone is looked at. */
  figures: allow('read')
    .input(z.object({ ids: z.array(RunId).min(1).max(12) }))
    .query(({ ctx, input }) => runFigures(ctx.workspace.store, ctx.workspace.runs, input.ids)),
  /** Why a run cannot go on as what it was, so that resume and retry would be refused; null where it can. */
  obstacle: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.runs.obstacle(input.id)),
  /** Adds to a run of a critic what its query selects now and did not then; returns how many traces were new. */
  addItems: allow('run')
    .input(ById)
    .mutation(async ({ ctx, input }) => ({ added: await ctx.workspace.launches.addItems(input.id) })),
  /** Changes how a run goes while it lives; what is absent stays. */
  tune: allow('run')
    .input(
      ById.extend({
        concurrency: z.number().int().min(1).max(2048).nullable().optional(),
        priority: z.enum(['low', 'normal', 'high']).optional(),
        budget: Budget.optional(),
      }),
    )
    .mutation(({ ctx, input: { id, ...tuning } }) =>
      ctx.workspace.runs.tune(id, JSON.parse(JSON.stringify(tuning)) as Partial<Tuning>),
    ),
  /** What a run tells as it works: pulses, items, notes; after a reconnect, what came since `lastEventId`. */
  watch: allow('read')
    .input(ById.extend({ lastEventId: z.string().max(40).nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      // A batch is one event: its id is that of its last record.
      for await (const batch of ctx.workspace.watch.since(input.id, input.lastEventId ?? null, signal))
        yield tracked(
          batch.at(-1)?.id ?? '',
          batch.map((record) => record.live),
        );
    }),
  /** Run summaries as they change; after a reconnect, what changed since `lastEventId`. */
  events: allow('read')
    .input(z.object({ lastEventId: z.string().max(40).nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, run } of ctx.workspace.events.since(input?.lastEventId ?? null, signal))
        yield tracked(id, run);
    }),
});
