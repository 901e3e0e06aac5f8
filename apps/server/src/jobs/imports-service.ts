import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ImportId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import type { RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { guess } from '@flywheel/interchange/guess';
import { importFiles } from '@flywheel/interchange/import-files';
import { Mapping } from '@flywheel/interchange/mapping';
import { PRESETS } from '@flywheel/interchange/presets';
import { preview } from '@flywheel/interchange/preview';
import { readSample } from '@flywheel/interchange/records';
import { VERIFIERS } from '@flywheel/judges/verifiers';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { JobContext, RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';
import { uploadPath } from '../http/files.ts';
import type { JudgesService } from './judges-service.ts';

export type ImportSource = { upload: string } | { path: string };

export interface ImportRequest {
  sources: ImportSource[];
  names?: string[] | undefined;
  preset?: string | undefined;
  mapping?: unknown;
  verify: boolean;
}

/** Finds the files of an import, its mapping, and carries it out as a run. Parsing is interchange's, keeping the store's. */
export const importsService = (
  home: string,
  store: Store,
  engine: () => RunEngine,
  judges: JudgesService,
) => {
  const locate = async (source: ImportSource): Promise<string> => {
    const file = 'upload' in source ? uploadPath(home, source.upload) : path.resolve(source.path);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile())
      throw new UserError(
        `There is no file ${'upload' in source ? source.upload : file}. Check the path.`,
        'NOT_FOUND',
      );
    return file;
  };

  /** The mapping to use: given, a preset's, or what fits the first file. */
  const choose = async (
    request: Pick<ImportRequest, 'preset' | 'mapping'>,
    first: string,
    name: string,
  ): Promise<Mapping> => {
    if (request.mapping !== undefined && request.mapping !== null) return Mapping.parse(request.mapping);
    if (request.preset !== undefined) {
      const preset = PRESETS[request.preset as keyof typeof PRESETS];
      if (preset) return preset;
      throw new UserError(
        `There is no preset "${request.preset}". Presets: ${Object.keys(PRESETS).join(', ')}.`,
      );
    }
    const found = guess(await readSample(first));
    if (found.mapping) return found.mapping;
    throw new UserError(`${name}: no mapping fits (${found.why}). Give --preset or --map.`);
  };

  return {
    presets: () => Object.entries(PRESETS).map(([name, mapping]) => ({ name, mapping })),

    guess: async (source: ImportSource, name?: string) => {
      const file = await locate(source);
      const sample = await readSample(file);
      const found = guess(sample);
      const shown = name ?? path.basename(file);
      return { ...found, preview: found.mapping ? preview(sample, found.mapping, shown) : null };
    },

    preview: async (source: ImportSource, mapping: unknown, name?: string) => {
      const file = await locate(source);
      return preview(await readSample(file), Mapping.parse(mapping), name ?? path.basename(file));
    },

    start: async (request: ImportRequest): Promise<RunSummary> => {
      const files = await Promise.all(request.sources.map(locate));
      const names = files.map((f, i) => request.names?.[i] ?? path.basename(f));
      const mapping = await choose(request, files[0] as string, names[0] as string);
      const config = { files, names, mapping: mapping as unknown as JsonValue, verify: request.verify };
      return engine().start({
        kind: 'import',
        title: names.length === 1 ? (names[0] as string) : `${names[0]} and ${names.length - 1} more`,
        subject: names.join(', '),
        fingerprint: fingerprint({ kind: 'import', ...config }),
        config,
      });
    },

    /** Takes an import back: its traces, their judgements and reviews. */
    undo: (id: ImportId) => store.imports.undo(id),

    /** The import as a run. Called again after a kill it reads the files anew; the store drops what it has. */
    handle: async (job: JobContext): Promise<RunSummary['result']> => {
      const files = job.config.files as string[];
      const names = job.config.names as string[];
      const mapping = Mapping.parse(job.config.mapping);
      const importId = await store.imports.begin({ title: names.join(', '), mapping });
      const rejectsFile = path.join('rejects', `import-${importId}.jsonl`);
      await mkdir(path.join(home, 'rejects'), { recursive: true });
      try {
        const counts = await importFiles(
          files,
          mapping,
          {
            names,
            rejectsFile: path.join(home, rejectsFile),
            write: (traces) => store.imports.write(importId, traces),
          },
          {
            signal: job.signal,
            onProgress: (p) =>
              job.report(
                { done: p.imported, skipped: p.duplicates, failed: p.rejected },
                { done: p.bytesRead, total: p.bytesTotal, unit: 'bytes' },
              ),
          },
        );
        const kept = counts.rejected > 0 ? rejectsFile : null;
        if (!kept) await rm(path.join(home, rejectsFile), { force: true });
        const { imported, duplicates, rejected } = counts;
        job.report({
          done: imported,
          skipped: duplicates,
          failed: rejected,
          total: imported + duplicates + rejected,
        });
        await store.imports.finish(importId, job.signal.aborted ? 'cancelled' : 'done', {
          imported,
          duplicates,
          rejected,
          rejectsFile: kept,
        });
        if (job.config.verify === true && imported > 0 && !job.signal.aborted) {
          const subject = `import:${importId}`;
          for (const { id } of VERIFIERS) await judges.start(id, subject, parseQuery(subject).query);
        }
        return { importId, imported, duplicates, rejected, rejectsFile: kept };
      } catch (error) {
        await store.imports.finish(importId, job.signal.aborted ? 'cancelled' : 'failed', null);
        throw error;
      }
    },

    /** Uploads that no unfinished run needs any more. */
    sweepUploads: async (needed: ReadonlySet<string>): Promise<void> => {
      const folder = path.join(home, 'uploads');
      for (const name of await readdir(folder).catch(() => []))
        if (!needed.has(path.join(folder, name))) await rm(path.join(folder, name), { force: true });
    },
  };
};
