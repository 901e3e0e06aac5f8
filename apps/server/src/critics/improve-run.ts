import type { CriticVersion } from '@flywheel/domain/critic';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import { ImproveConfig } from '@flywheel/domain/improve';
import { encodePosition } from '@flywheel/domain/judgement';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { RunSummary } from '@flywheel/domain/run';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type CallEstimate, estimateCalls } from './estimate.ts';
import { improvePrompt } from './improve-search.ts';
import { type CritiqueParts, partsOf, questioner } from './open-critique.ts';
import { type Suite, startSuite, suiteHandler } from './suite-run.ts';

/** From which version to look for a better one, and with which gold. */
export const ImproveLaunch = ImproveConfig.extend({
  /** Text of the query bar; gold is drawn from what it selects. */
  query: z.string().max(20_000),
});
export type ImproveLaunch = z.infer<typeof ImproveLaunch>;

export interface ImprovePlan extends CallEstimate {
  train: { flawed: number; clean: number };
  dev: { flawed: number; clean: number };
  /** Questions at most, of all searches. */
  questions: number;
  warnings: string[];
}

const SAMPLE = 40;

/** Plans, starts and does searches for a better prompt. */
export const improveRuns = (parts: CritiqueParts, engine: () => RunEngine) => {
  const { store } = parts;
  const suite: Suite<ImproveConfig> = {
    kind: 'improve',
    schema: ImproveConfig,
    fingerprint: (config, items) => fingerprintOf(parts, config, items),
    work: async (job, config, items, asker) =>
      improvePrompt(parts, job.id, config, await store.gold.load(items), asker),
  };

  /** Gold of one split, half of it flawed and half clean as far as both are there. */
  const draw = async (launch: ImproveLaunch, split: 'train' | 'dev'): Promise<Uint32Array> => {
    const limit = launch[split];
    const query = requireQuery(launch.query);
    const [flawed, clean] = await Promise.all(
      (['flawed', 'clean'] as const).map((kind) =>
        store.gold.draw({ split, query, kind, limit, seed: launch.seed }),
      ),
    );
    const half = Math.floor(limit / 2);
    const ofFlawed = Math.max(half, limit - (clean?.length ?? 0));
    const some = flawed?.subarray(0, ofFlawed) ?? new Uint32Array();
    return Uint32Array.from([...some, ...(clean?.subarray(0, limit - some.length) ?? [])]);
  };

  const goldOf = async (launch: ImproveLaunch) => {
    const [train, dev] = await Promise.all([draw(launch, 'train'), draw(launch, 'dev')]);
    return { train: await store.gold.load(train), dev: await store.gold.load(dev) };
  };

  return {
    plan: async (launch: ImproveLaunch): Promise<ImprovePlan> => {
      const { version, provider } = await partsOf(parts, launch);
      await parts.providers.need(launch.reflection.provider);
      const { train, dev } = await goldOf(launch);
      const ask = await questioner(store, version, launch.model);
      const sample = dev.slice(0, SAMPLE).map(({ trace }) => ({ request: ask(trace), repetition: 0 }));
      const questions = launch.calls * (launch.baseline ? 2 : 1);
      return {
        ...estimateCalls(parts, provider, sample, questions, { kept: false }),
        train: countsOf(train),
        dev: countsOf(dev),
        questions,
        warnings: warningsOf(launch, version, train, dev),
      };
    },

    /** Freezes gold of train and dev, and searches. @throws UserError where there is too little gold */
    launch: async (launch: ImproveLaunch): Promise<RunSummary> => {
      await partsOf(parts, launch);
      await parts.providers.need(launch.reflection.provider);
      const { train, dev } = await goldOf(launch);
      if (train.length < launch.minibatch || dev.length === 0)
        throw new UserError(
          `There is too little gold among what the query selects: ${train.length} traces of train (${launch.minibatch} are needed) and ${dev.length} of dev. Review traces, or import labelled ones.`,
        );
      const items = Uint32Array.from([...train, ...dev], (g) => g.trace.seq).sort();
      return startSuite(suite, engine(), launch, items);
    },

    handler: suiteHandler(suite, parts),
  };
};

const countsOf = (gold: readonly GoldTrace[]): { flawed: number; clean: number } => {
  const clean = gold.filter((g) => g.gold === 'clean').length;
  return { flawed: gold.length - clean, clean };
};

const warningsOf = (
  launch: ImproveLaunch,
  version: CriticVersion,
  train: readonly GoldTrace[],
  dev: readonly GoldTrace[],
): string[] => {
  const { flawed, clean } = countsOf(dev);
  const warnings: string[] = [];
  if (train.length < launch.minibatch || dev.length === 0)
    warnings.push(
      'There is too little gold among what the query selects: review traces, or import labelled ones.',
    );
  else if (flawed === 0 || clean === 0)
    warnings.push(
      `Gold of dev is all ${flawed === 0 ? 'clean' : 'flawed'}: the best is chosen by exact verdicts, not by F1.`,
    );
  if (dev.length > 0 && launch.calls < 3 * dev.length)
    warnings.push(
      `${launch.calls} calls measure at most ${Math.floor(launch.calls / dev.length)} prompts on ${dev.length} traces of dev.`,
    );
  if (version.examples.n > 0)
    warnings.push(
      'The critic shows examples of train: a trace that failures are shown from may be one of them.',
    );
  return warnings;
};

/** Labels count: with other gold the search would have gone another way. */
const fingerprintOf = async (
  parts: CritiqueParts,
  config: ImproveConfig,
  items: Uint32Array,
): Promise<string> => {
  const { version, provider } = await partsOf(parts, config);
  const { critic, model, reflection, calls, minibatch, baseline, seed } = config;
  const gold = await parts.store.gold.load(items);
  return fingerprint(
    {
      kind: 'improve',
      ...{ critic, hash: version.hash, at: provider.baseUrl ?? provider.recording, model },
      ...{ reflection, calls, minibatch, baseline, seed },
      gold: gold.map((g) => encodePosition(g.gold)),
    },
    items,
  );
};
