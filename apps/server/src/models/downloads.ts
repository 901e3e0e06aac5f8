import path from 'node:path';
import { type LocalModel, ModelId } from '@flywheel/domain/model';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { JobContext } from '@flywheel/runs/run-handler';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { fetchFile } from './fetch-file.ts';
import { HubClient, type HubFile } from './hub-client.ts';
import { hubReference } from './hub-reference.ts';
import { isGraphOf, isModelFile, precisionOf } from './model-files.ts';
import { type ModelRegistry, nameOf } from './registry.ts';

const File = z.object({
  path: z.string(),
  bytes: z.number(),
  hash: z.object({ kind: z.enum(['sha256', 'git']), value: z.string() }),
});
const Config = z.object({
  id: ModelId,
  endpoint: z.string(),
  repository: z.string(),
  revision: z.string(),
  commit: z.string(),
  files: z.array(File),
});

/** Asking a Hub for a list of files takes so long at most. */
const LIST_MS = 30_000;

/** Brings models of the Hub into the workspace, as runs: with progress, to be stopped, and to be resumed where they broke off. */
export const modelDownloads = (home: string, registry: ModelRegistry, engine: () => RunEngine) => {
  const client = new HubClient();
  return {
    /**
     * @param text `hub:owner/name[@revision]`
     * @param precision of the graph to bring; null: the smallest
     * @throws UserError where there is no such model, or nothing in it that can be run
     */
    start: async (text: string, id: ModelId | undefined, precision: string | null): Promise<RunSummary> => {
      const reference = hubReference(text);
      const found = await client.repository(reference, AbortSignal.timeout(LIST_MS));
      const files = filesOf(reference.repository, found.files, precision);
      const name = id ?? nameOf(reference.repository);
      await registry.mayHave(name, { kind: 'hub', repository: reference.repository });
      const config = Config.parse({
        id: name,
        endpoint: client.endpoint,
        ...reference,
        commit: found.commit,
        files,
      });
      return engine().start({
        kind: 'download',
        title: `Download: ${name}`,
        subject: `${reference.repository}@${reference.revision}`,
        fingerprint: fingerprint({
          kind: 'download',
          id: name,
          commit: found.commit,
          files: files.map((f) => f.path),
        }),
        config: config as unknown as RunConfig,
      });
    },

    handle: async (job: JobContext): Promise<RunSummary['result']> => {
      const { id, endpoint, repository, revision, commit, files } = Config.parse(job.config);
      if (endpoint !== client.endpoint)
        throw new UserError(`The download began at ${endpoint}, but HF_ENDPOINT is now ${client.endpoint}.`);
      const folder = path.join(home, 'models', id);
      const total = files.reduce((sum, f) => sum + f.bytes, 0);
      let before = 0;
      const report = (bytes: number): void =>
        job.report({ total: files.length }, { done: before + bytes, total, unit: 'bytes' });
      report(0);
      // The smallest first: what is missing or refused is known before the long wait.
      for (const [done, file] of files.toSorted((a, b) => a.bytes - b.bytes).entries()) {
        await fetchFile({ client, repository, commit, file, folder, signal: job.signal, onBytes: report });
        before += file.bytes;
        job.report({ done: done + 1, total: files.length }, { done: before, total, unit: 'bytes' });
      }
      const model: LocalModel = await registry.addDownloaded(
        id,
        { kind: 'hub', endpoint, repository, revision, commit },
        files.flatMap((f) => (f.hash.kind === 'sha256' ? [{ path: f.path, sha256: f.hash.value }] : [])),
      );
      return { model: model.id, bytes: total };
    },

    close: () => client.close(),
  };
};

export type ModelDownloads = ReturnType<typeof modelDownloads>;

/** What of a repository a model needs, in one precision. */
const filesOf = (repository: string, all: readonly HubFile[], precision: string | null): HubFile[] => {
  const graphs = all.filter((f) => precisionOf(f.path) !== null);
  if (graphs.length === 0)
    throw new UserError(
      `${repository} holds no ONNX graph (onnx/model*.onnx). Look for one of onnx-community, or convert it: docs/models.md.`,
    );
  const size = (graph: HubFile): number =>
    all.filter((f) => isGraphOf(f.path, graph.path)).reduce((sum, f) => sum + f.bytes, 0);
  const chosen =
    precision === null
      ? graphs.toSorted((a, b) => size(a) - size(b))[0]
      : graphs.find((f) => precisionOf(f.path) === precision);
  if (!chosen)
    throw new UserError(
      `precision: ${repository} has no graph of ${precision}; it has ${graphs.map((g) => precisionOf(g.path)).join(', ')}.`,
    );
  return all.filter((f) => isModelFile(f.path) || isGraphOf(f.path, chosen.path));
};
