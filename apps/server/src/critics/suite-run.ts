import { judgeOfVersion } from '@flywheel/domain/critic';
import type { CritiqueConfig } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { JobContext, RunHandler } from '@flywheel/runs/run-handler';
import type { z } from 'zod';
import type { CritiqueParts } from './open-critique.ts';
import { RunAsker } from './run-asker.ts';

type Asking = Omit<CritiqueConfig, 'repetitions'>;

/** What tells suites apart: runs of a critic over frozen traces whose questions are no items. */
export interface Suite<Config extends Asking> {
  kind: 'robustness' | 'improve';
  schema: z.ZodType<Config>;
  /** Of what the run would ask of the traces today. */
  fingerprint(config: Config, items: Uint32Array): Promise<string>;
  /** Asks, and keeps the report. */
  work(job: JobContext, config: Config, items: Uint32Array, asker: RunAsker): Promise<RunSummary['result']>;
}

/** Starts a suite over `items`, which are frozen; one that asks the same and is not over is that run. */
export const startSuite = async <Config extends Asking>(
  suite: Suite<Config>,
  engine: RunEngine,
  { query, ...rest }: Config & { query: string },
  items: Uint32Array,
): Promise<RunSummary> => {
  const config = suite.schema.parse(rest);
  const judge = judgeOfVersion(config.critic, config.version);
  return engine.start({
    kind: suite.kind,
    title: `${config.critic} v${config.version}`,
    subject: query,
    fingerprint: await suite.fingerprint(config, items),
    // What was parsed of JSON is JSON.
    config: JSON.parse(JSON.stringify({ ...config, judge })),
    items,
  });
};

/** How the run engine does a suite. */
export const suiteHandler = <Config extends Asking>(
  suite: Suite<Config>,
  parts: CritiqueParts,
): RunHandler => {
  const itemsOf = (id: number): Promise<Uint32Array> => parts.store.runs.itemSeqs(id as RunId);
  return {
    manner: 'beside',
    itemwise: false,
    pausable: true,
    fingerprint: async (run) => suite.fingerprint(suite.schema.parse(run.config), await itemsOf(run.id)),
    work: async (job) => {
      const config = suite.schema.parse(job.config);
      const asker = await RunAsker.open(parts, job, config);
      try {
        return await suite.work(job, config, await itemsOf(job.id), asker);
      } finally {
        await asker.close();
      }
    },
  };
};
