import type { RunId } from '@flywheel/domain/ids';
import type { LocalModel, ModelId } from '@flywheel/domain/model';
import { askForRun } from '../../app/live-runs.ts';
import { client } from '../../app/trpc.ts';

export type LocalLaunch = Parameters<typeof client.local.plan.query>[0];
export type LocalPlan = Awaited<ReturnType<typeof client.local.plan.query>>;
export type SampleFigures = NonNullable<Awaited<ReturnType<typeof client.local.figures.query>>>;
export type RuleFigures = Awaited<ReturnType<typeof client.local.rule.query>>;

/** What the Models room asks of the server; the only file of this feature that knows procedure names. */
export const modelsServer = {
  list: () => client.models.list.query(),
  add: (path: string, id: string) =>
    client.models.add.mutate({ path, ...(id === '' ? {} : { id: id as ModelId }) }),
  download: (reference: string, id: string) =>
    askForRun(() =>
      client.models.download.mutate({ reference, ...(id === '' ? {} : { id: id as ModelId }) }),
    ),
  remove: (id: ModelId) => client.models.remove.mutate({ id }),
  restore: (model: LocalModel) => client.models.restore.mutate(model),
  plan: (launch: LocalLaunch) => client.local.plan.query(launch),
  launch: (launch: LocalLaunch) => askForRun(() => client.local.launch.mutate(launch)),
  figures: (run: number) => client.local.figures.query({ run: run as RunId }),
  quantile: (query: string, share: number) => client.local.quantile.query({ query, share }),
  rule: (query: string, rule: string) => client.local.rule.query({ query, rule }),
  flag: (query: string) => client.tags.flag.mutate({ query, on: true }),
  undo: (act: number) => client.tags.undo.mutate({ act }),
};

export const MODELS = { queryKey: ['models', 'list'], queryFn: modelsServer.list };
