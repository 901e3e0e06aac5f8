import { cp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriticId } from '@flywheel/domain/critic';
import { Budget } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import { ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { requireQuery } from '@flywheel/domain/query/parse';
import { DEFAULT_CRITIC } from '@flywheel/judges/critic/default-critic';
import type { CritiqueLaunch } from '@flywheel/server/critics/launch';
import { questioner } from '@flywheel/server/critics/open-critique';
import { openWorkspace, type Workspace } from '@flywheel/server/workspace';

/** Published solutions of GSM8K: 5,276 traces of four solvers; not part of the repository. */
export const SOLUTIONS = join(
  import.meta.dirname,
  '../../../shared/data/gsm8k/example_model_solutions.jsonl',
);
export const WIDTH = 256;
export const FOLDER = join(tmpdir(), `flywheel-bench-runs-${process.pid}`);
const TEMPLATE = join(FOLDER, 'template');
const MODEL = 'stub-1';
const CRITIC = CriticId.parse('first-error');
const PROVIDER = ProviderId.parse('stub');

/** Makes a home with the solutions and a critic, once; {@link freshHome} copies it. Returns the number of traces. */
export const prepareHome = async (): Promise<number> => {
  await mkdir(TEMPLATE, { recursive: true });
  const workspace = await openWorkspace(TEMPLATE);
  const sources = [{ path: SOLUTIONS }];
  const run = await workspace.imports.start({ sources, preset: 'gsm8k-solutions', verify: false });
  const imported = await workspace.runs.wait(run.id as RunId);
  if (imported.state !== 'succeeded')
    throw new Error(`The import ended ${imported.state}: ${imported.error}`);
  await workspace.critics.save(CRITIC, DEFAULT_CRITIC, 'as it comes', null);
  const traces = (await workspace.store.traces.seqs(requireQuery(''))).length;
  await workspace.close();
  return traces;
};

/** A home as it is before any critique, whose provider is `url`. */
export const freshHome = async (
  name: string,
  url: string,
): Promise<{ home: string; workspace: Workspace }> => {
  const home = join(FOLDER, name);
  await rm(home, { recursive: true, force: true });
  await cp(TEMPLATE, home, { recursive: true });
  const workspace = await openWorkspace(home);
  await workspace.providers.save(
    ProviderSettings.parse({
      id: PROVIDER,
      kind: 'openai',
      baseUrl: url,
      model: MODEL,
      limits: { concurrency: WIDTH },
    }),
  );
  return { home, workspace };
};

export const launchOf = (query: string, repetitions: number): CritiqueLaunch => ({
  critic: CRITIC,
  version: 1,
  provider: PROVIDER,
  model: MODEL,
  repetitions,
  concurrency: null,
  priority: 'normal',
  budget: Budget.parse({}),
  query,
});

/** What a run of that query asks, as request bodies: once each trace, in order of arrival. */
export const bodiesOf = async (workspace: Workspace, query: string): Promise<string[]> => {
  const ask = await questioner(workspace.store, DEFAULT_CRITIC, MODEL);
  const texts = await workspace.store.traces.texts(await workspace.store.traces.seqs(requireQuery(query)));
  return texts.map((trace) => {
    const { model, messages, params } = ask(trace);
    return JSON.stringify({ model, messages, temperature: params.temperature, max_tokens: params.maxTokens });
  });
};
