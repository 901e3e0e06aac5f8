import type { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { ProviderId } from '@flywheel/domain/provider';
import type { TraceDetail } from '@flywheel/domain/trace';
import { askForRun } from '../../app/live-runs.ts';
import { client } from '../../app/trpc.ts';

export type CriticDetail = Awaited<ReturnType<typeof client.critics.get.query>>;
export type Launch = Parameters<typeof client.critics.plan.query>[0];
export type Comparison = Awaited<ReturnType<typeof client.critics.compare.query>>;
export type Plan = Awaited<ReturnType<typeof client.critics.plan.query>>;
type RobustnessLaunch = Parameters<typeof client.critics.robustness.plan.query>[0];
type ImproveLaunch = Parameters<typeof client.critics.improve.plan.query>[0];
export type DevFigures = Awaited<ReturnType<typeof client.critics.devFigures.query>>;
export type CriticRun = Awaited<ReturnType<typeof client.critics.runs.query>>[number];

type TryInput = Parameters<typeof client.critics.try.subscribe>[0];
/** Asks a draft about one trace; ends when `signal` aborts. */
const attempt = (input: TryInput, signal: AbortSignal) => client.critics.try.subscribe(input, { signal });
/** What a try tells as it goes. */
export type TryEvent = ReturnType<typeof attempt> extends AsyncIterable<infer E> ? E : never;

/** Traces that the server opens in one answer. */
const AT_ONCE = 50;

/** What the Critics room asks of the server; the only file of this feature that knows procedure names. */
export const criticsServer = {
  list: () => client.critics.list.query(),
  starters: () => client.critics.starters.query(),
  get: (critic: string) => client.critics.get.query({ critic: critic as CriticId }),
  save: (critic: CriticId, body: CriticBody, title: string, parent: number | null) =>
    client.critics.save.mutate({ critic, body, title, parent }),
  archive: (critic: CriticId, archived: boolean) => client.critics.archive.mutate({ critic, archived }),
  context: (trace: TraceId, examples: CriticBody['examples']) =>
    client.critics.context.query({ trace, examples }),
  /** In the order of `ids`; ids that there are no traces of are left out. */
  traces: async (ids: readonly TraceId[]): Promise<TraceDetail[]> => {
    const found: TraceDetail[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE)
      found.push(...(await client.traces.openMany.query({ ids: ids.slice(from, from + AT_ONCE) })));
    return found;
  },
  pinQuery: (critic: CriticId, query: string, limit: number) =>
    client.critics.pins.addQuery.mutate({ critic, query, limit }),
  pin: (critic: CriticId, traces: TraceId[]) => client.critics.pins.add.mutate({ critic, traces }),
  unpin: (critic: CriticId, traces: TraceId[]) => client.critics.pins.remove.mutate({ critic, traces }),
  providers: () => client.providers.list.query(),
  models: (provider: ProviderId) => client.providers.models.query({ id: provider }),
  try: attempt,
  plan: (launch: Launch) => client.critics.plan.query(launch),
  launch: (launch: Launch) => askForRun(() => client.critics.launch.mutate(launch)),
  planRobustness: (launch: RobustnessLaunch) => client.critics.robustness.plan.query(launch),
  launchRobustness: (launch: RobustnessLaunch) =>
    askForRun(() => client.critics.robustness.launch.mutate(launch)),
  planImprove: (launch: ImproveLaunch) => client.critics.improve.plan.query(launch),
  launchImprove: (launch: ImproveLaunch) => askForRun(() => client.critics.improve.launch.mutate(launch)),
  runs: (critic: CriticId) => client.critics.runs.query({ critic }),
  compare: (a: number, b: number, split: 'train' | 'dev' | 'test') =>
    client.critics.compare.query({ a: a as RunId, b: b as RunId, split }),
  devFigures: (critic: CriticId, version: number) => client.critics.devFigures.query({ critic, version }),
};
