import { CritiqueConfig, type ItemCause } from '@flywheel/domain/critique';
import { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { launchLink } from '../../app/links.ts';
import { client } from '../../app/trpc.ts';

export type RunFigures = Awaited<ReturnType<typeof client.runs.figures.query>>[number];
export type RunConfig = NonNullable<Awaited<ReturnType<typeof client.runs.get.query>>>['config'];
export type AnswerFilter = NonNullable<Parameters<typeof client.runs.answers.query>[0]['filter']>;

/** How often lists of a run that works are read anew, in milliseconds. */
const AGAIN_MS = 1_500;

/** Read again while the run works; once it stands still, by what it then has. */
const follows = (run: RunSummary) => ({
  about: run.state === 'running' ? 'working' : `${run.state} ${run.done} ${run.failed}`,
  refetchInterval: run.state === 'running' ? AGAIN_MS : (false as const),
});

/** What the page of a run reads of the server, apart from the runs themselves, which are live. */
export const runQueries = {
  config: (run: RunSummary) =>
    queryOptions({
      queryKey: ['runs', 'config', run.id, run.tuning],
      queryFn: async () => (await client.runs.get.query({ id: RunId.parse(run.id) }))?.config ?? null,
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
    }),

  /** Why it cannot go on as what it was; null where it can. */
  obstacle: (run: RunSummary) =>
    queryOptions({
      queryKey: ['runs', 'obstacle', run.id, run.state, run.fingerprint],
      queryFn: () => client.runs.obstacle.query({ id: RunId.parse(run.id) }),
    }),

  figures: (runs: readonly RunSummary[]) =>
    queryOptions({
      queryKey: ['runs', 'figures', ...runs.map((r) => `${r.id} ${follows(r).about}`)],
      queryFn: () => client.runs.figures.query({ ids: runs.map((r) => RunId.parse(r.id)) }),
      placeholderData: keepPreviousData,
      refetchInterval: runs.some((r) => !isOver(r.state)) ? AGAIN_MS : false,
    }),

  causes: (run: RunSummary) =>
    queryOptions({
      queryKey: ['runs', 'causes', run.id, follows(run).about],
      queryFn: () => client.runs.causes.query({ id: RunId.parse(run.id) }),
      placeholderData: keepPreviousData,
      refetchInterval: follows(run).refetchInterval,
    }),

  answers: (run: RunSummary, page: { filter: AnswerFilter; offset: number; limit: number }) =>
    queryOptions({
      queryKey: ['runs', 'answers', run.id, follows(run).about, page],
      queryFn: () => client.runs.answers.query({ id: RunId.parse(run.id), ...page }),
      placeholderData: keepPreviousData,
      refetchInterval: follows(run).refetchInterval,
    }),

  /** How many traces a query selects now. */
  selected: (query: string) =>
    queryOptions({
      queryKey: ['runs', 'selected', query],
      queryFn: async () => (await client.traces.page.query({ query, offset: 0, limit: 1 })).total,
    }),
};

/** Failed items of one cause from `offset` on. */
export const failedOf = (run: RunSummary, cause: ItemCause, offset: number, limit: number) =>
  client.runs.answers.query({ id: RunId.parse(run.id), filter: 'failed', cause, offset, limit });

/** The judge whose verdicts a run gives; null where it gives none. */
export const judgeOf = (config: RunConfig | null): string | null =>
  typeof config?.judge === 'string' ? config.judge : null;

/** The launch dialog with what a run of a critic was made from; null for other runs. */
export const forkLink = (run: RunSummary, config: RunConfig | null): string | null => {
  const launch = run.kind === 'critique' ? CritiqueConfig.safeParse(config).data : undefined;
  return launch ? launchLink({ ...launch, query: run.subject }) : null;
};
