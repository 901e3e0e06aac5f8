import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { agreement } from '@flywheel/domain/metrics/agreement';
import type { Query } from '@flywheel/domain/query/ast';
import { critiqueRun } from '@flywheel/runs/critique-run';
import { RunEngine } from '@flywheel/runs/run-engine';
import { RunEvents } from '@flywheel/runs/run-events';
import { RunWatch } from '@flywheel/runs/run-watch';
import { verifyRun } from '@flywheel/runs/verify-run';
import { WorkerPool } from '@flywheel/runs/worker-pool';
import { openStore } from '@flywheel/store/store';
import { type CalibrationRequest, compareJudges } from './calibration.ts';
import { criticService } from './critics/critic-service.ts';
import { improveRuns } from './critics/improve-run.ts';
import { launchService } from './critics/launch.ts';
import { fingerprintToday, openCritique } from './critics/open-critique.ts';
import { robustnessRuns } from './critics/robustness-run.ts';
import { explain } from './errors.ts';
import { exportsService } from './jobs/exports-service.ts';
import { importsService } from './jobs/imports-service.ts';
import { judgesService } from './jobs/judges-service.ts';
import { localClient } from './local/local-client.ts';
import { localRuns } from './local/local-runs.ts';
import { ModelThreads } from './local/model-threads.ts';
import { modelDownloads } from './models/downloads.ts';
import { modelRegistry } from './models/registry.ts';
import { providerService } from './providers/provider-service.ts';
import { openSettings } from './settings.ts';

export const defaultHome = (): string => path.resolve(process.env.FLYWHEEL_HOME ?? '.flywheel');

/**
 * Composes store, run engine and jobs over one home folder; the only place that knows them all.
 * `recover: false` leaves the runs of a process that died as they are, for a caller that only reads.
 */
export const openWorkspace = async (home: string, { recover = true }: { recover?: boolean } = {}) => {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const store = await openStore(home);
  const settings = await openSettings(home);
  const epoch = Date.now().toString(36);
  const events = new RunEvents(epoch);
  const watch = new RunWatch(epoch);
  const pool = new WorkerPool(
    new URL('./jobs/verify-worker.ts', import.meta.url),
    Math.max(1, Math.min(8, availableParallelism() - 1)),
  );
  const engine = (): RunEngine => runs;
  const judges = judgesService(store, engine);
  const imports = importsService(home, store, engine, judges);
  const exports = exportsService(home, store, engine);
  const models = modelRegistry(home, store);
  const threads = new ModelThreads(models.folder);
  const answering = localClient(models.list, threads);
  const providers = await providerService(home, store, () => answering);
  const critiques = { store, providers };
  const critics = criticService(critiques);
  const launches = launchService(critiques, engine);
  const robustness = robustnessRuns(critiques, engine);
  const improve = improveRuns(critiques, engine);
  const downloads = modelDownloads(home, models, engine);
  const local = localRuns({ store, model: models.get, threads }, engine);
  const texts = (seqs: Uint32Array) => store.traces.texts(seqs);
  const runs: RunEngine = new RunEngine({
    store: store.runs,
    handlers: {
      import: { manner: 'alone', itemwise: false, pausable: false, work: imports.handle },
      export: { manner: 'beside', itemwise: false, pausable: false, work: exports.handle },
      verify: verifyRun({ runs: store.runs, texts, pool }),
      critique: critiqueRun(
        { runs: store.runs, texts, flush: () => store.answers.flush(), open: openCritique(critiques) },
        fingerprintToday(critiques),
      ),
      robustness: robustness.handler,
      improve: improve.handler,
      ...local.handlers,
      download: { manner: 'beside', itemwise: false, pausable: false, work: downloads.handle },
    },
    events,
    watch,
    explain,
  });
  if (recover) {
    await runs.recover({ wait: !settings.all().resumeRuns });
    await imports.tidy();
  }

  return {
    home,
    store,
    settings,
    events,
    watch,
    runs,
    judges,
    imports,
    exports,
    providers,
    critics,
    launches,
    robustness,
    improve,
    models,
    downloads,
    local,

    info: async () => {
      const imported = await store.imports.list();
      return {
        home,
        version: '0.1.0',
        imports: imported.length,
        /** Only the demo is here so far: the interface offers Import first. */
        demoOnly: imported.length > 0 && imported.every((i) => i.title.startsWith('demo-')),
      };
    },

    backup: async (folder?: string) => {
      const target = folder ?? path.join(home, 'backups', new Date().toISOString().replace(/[:.]/g, '-'));
      await store.maintenance.backup(target);
      return { folder: target };
    },

    calibrate: (request: CalibrationRequest, query: Query) => compareJudges(store, request, query),

    agreement: async (query: Query) => {
      const { firstErrors, steps } = await store.reviews.agreementData(query);
      return { firstError: agreement(firstErrors, 'nominal'), steps: agreement(steps, 'ordinal') };
    },

    close: async () => {
      await runs.close();
      threads.close();
      await downloads.close();
      await pool.close();
      await providers.close();
      await store.close();
    },
  };
};

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;
