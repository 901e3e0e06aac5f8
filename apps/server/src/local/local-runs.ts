import { RunId } from '@flywheel/domain/ids';
import { SampleConfig, ScoreConfig, StepLabelConfig } from '@flywheel/domain/local-run';
import type { LocalModel, ModelId } from '@flywheel/domain/model';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { LeaseDesk } from '@flywheel/runs/local/lease-desk';
import { workOnLeases } from '@flywheel/runs/local/lease-loop';
import type { LeasePort, LocalWork } from '@flywheel/runs/local/local-ports';
import { localRun } from '@flywheel/runs/local/local-run';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { RunHandler } from '@flywheel/runs/run-handler';
import type { Store } from '@flywheel/store/store';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type ModelThreads, performOn, ranOnOf } from './model-threads.ts';
import { sampleWork } from './sample-work.ts';
import { scoreWork } from './score-work.ts';
import { stepJudge, stepLabelWork } from './step-label-work.ts';

const Query = { query: z.string().max(20_000) };

/** What to have a local model do with which traces; `query` is the text of the query bar, and what it selects now is frozen. */
export const LocalLaunch = z.discriminatedUnion('kind', [
  ScoreConfig.extend({ kind: z.literal('score'), ...Query }),
  SampleConfig.extend({ kind: z.literal('sample'), ...Query }),
  StepLabelConfig.extend({ kind: z.literal('step-label'), ...Query }),
]);
export type LocalLaunch = z.infer<typeof LocalLaunch>;
export type LocalKind = LocalLaunch['kind'];

/** What a launch would do. */
export interface LocalPlan {
  /** Items: traces, or, where samples begin anew, problems. */
  items: number;
  traces: number;
  /** Texts that are written; 0 for scores. */
  samples: number;
  warnings: string[];
}

export interface LocalParts {
  store: Store;
  /** @throws UserError where there is no such model */
  model: (id: ModelId) => Promise<LocalModel>;
  threads: ModelThreads;
}

type Config = ScoreConfig | SampleConfig | StepLabelConfig;
const SCHEMAS = { score: ScoreConfig, sample: SampleConfig, 'step-label': StepLabelConfig } as const;
const TITLES: Record<LocalKind, string> = { score: 'Score', sample: 'Sample', 'step-label': 'Step labels' };

/** Plans, starts and does runs of local models. */
export const localRuns = (parts: LocalParts, engine: () => RunEngine) => {
  const { store, threads } = parts;
  const desks = new Map<number, LeaseDesk>();

  const itemsOf = async (launch: Pick<LocalLaunch, 'kind'> & Partial<SampleConfig>, query: string) => {
    const seqs = await store.traces.seqs(requireQuery(query));
    const anew = launch.kind === 'sample' && launch.from?.kind === 'start';
    return { traces: seqs.length, items: anew ? await store.localViews.onePerProblem(seqs) : seqs };
  };

  const workOf = async (kind: LocalKind, config: RunConfig, id: RunId): Promise<LocalWork> => {
    switch (kind) {
      case 'score':
        return scoreWork(ScoreConfig.parse(config));
      case 'step-label':
        return stepLabelWork(StepLabelConfig.parse(config));
      case 'sample': {
        const own = SampleConfig.parse(config);
        const flaws = own.from.kind === 'flaw' ? await store.localViews.flawSteps(id) : new Map();
        return sampleWork(own, id, (seq) => flaws.get(seq) ?? null);
      }
    }
  };

  const handler = (kind: LocalKind): RunHandler =>
    localRun(
      {
        runs: store.runs,
        texts: (seqs) => store.traces.texts(seqs),
        record: (id, config, results) => store.localResults.record(id, String(config.model), results),
        open: (config, id) => workOf(kind, config, id),
        serve: (config, desk, signal) => serveOn(threads, SCHEMAS[kind].parse(config), desk, signal),
        desks,
      },
      async (run) =>
        fingerprintOf(
          parts,
          kind,
          SCHEMAS[kind].parse(run.config),
          await store.runs.itemSeqs(RunId.parse(run.id)),
        ),
    );

  return {
    desks,
    handlers: { score: handler('score'), sample: handler('sample'), 'step-label': handler('step-label') },

    plan: async (launch: LocalLaunch): Promise<LocalPlan> => {
      const model = await parts.model(launch.model);
      const { traces, items } = await itemsOf(launch, launch.query);
      const warnings: string[] = [];
      if (traces === 0) warnings.push('The query selects no trace.');
      if (launch.frame.kind === 'chat' && !model.chat)
        warnings.push(`${model.id} has no chat template: put the problem to it as plain text.`);
      if (!model.variants.some((v) => v.precision === launch.precision))
        warnings.push(`${model.id} has no graph of precision ${launch.precision}.`);
      return {
        items: items.length,
        traces,
        samples: launch.kind === 'sample' ? items.length * launch.n : 0,
        warnings,
      };
    },

    /** Freezes what the query selects, and begins. @throws UserError where there is nothing to do, or nothing to do it with */
    launch: async (launch: LocalLaunch): Promise<RunSummary> => {
      const { kind, query, ...rest } = launch;
      const model = await parts.model(launch.model);
      if (launch.frame.kind === 'chat' && !model.chat)
        throw new UserError(`frame: ${model.id} has no chat template. Put the problem to it as plain text.`);
      if (!model.variants.some((v) => v.precision === launch.precision))
        throw new UserError(
          `precision: ${model.id} has no graph of precision ${launch.precision}: it has ${model.variants.map((v) => v.precision).join(', ')}.`,
        );
      const { items } = await itemsOf(launch, query);
      if (items.length === 0) throw new UserError('query: it selects no trace, so there is nothing to do.');
      const config: Config = rest;
      return engine().start({
        kind,
        title: `${TITLES[kind]}: ${launch.model}`,
        subject: query,
        fingerprint: await fingerprintOf(parts, kind, config, items),
        config: {
          ...config,
          ...(kind === 'step-label' ? { judge: stepJudge(config as StepLabelConfig) } : {}),
        } as unknown as RunConfig,
        items,
      });
    },
  };
};

export type LocalRuns = ReturnType<typeof localRuns>;

/** What makes a run the run that it is. Where it is computed does not: it may go on elsewhere. */
const fingerprintOf = async (
  { model }: LocalParts,
  kind: LocalKind,
  { executor: _executor, ...config }: Config,
  items: Uint32Array,
): Promise<string> => {
  const { variants } = await model(config.model);
  const bytes = variants.find((v) => v.precision === config.precision)?.bytes ?? 0;
  return fingerprint({ kind, bytes, config: JSON.parse(JSON.stringify(config)) }, items);
};

/** Does a run's work on a thread of this server. A thread that fails is replaced once; the second time it is the run's failure. */
const serveOn = async (
  threads: ModelThreads,
  { model, precision }: Config,
  desk: LeasePort,
  signal: AbortSignal,
): Promise<void> => {
  let thread = await threads.acquire(model, precision);
  try {
    await workOnLeases({
      desk,
      worker: { id: 'server', ranOn: ranOnOf(thread.loaded) },
      perform: (tasks, stop) => performOn(thread, tasks, stop),
      restart: async () => {
        threads.fail(model, precision);
        thread = await threads.acquire(model, precision);
      },
      signal,
    });
  } finally {
    threads.release(model, precision);
  }
};
