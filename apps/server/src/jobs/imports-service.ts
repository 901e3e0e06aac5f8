import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImportId, RunId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import type { RunSummary } from '@flywheel/domain/run';
import type { JsonValue } from '@flywheel/domain/trace';
import { guess } from '@flywheel/interchange/guess';
import { importFiles } from '@flywheel/interchange/import-files';
import { Mapping } from '@flywheel/interchange/mapping';
import { PRESETS } from '@flywheel/interchange/presets';
import { VERIFIERS } from '@flywheel/judges/verifiers';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { JobContext } from '@flywheel/runs/run-handler';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';
import { uploadPath } from '../http/files.ts';
import { contentsOf } from './import-contents.ts';
import { fieldsOf, previewOf, readSampleRecords, valuesOf } from './import-sample.ts';
import type { JudgesService } from './judges-service.ts';

const UPLOAD_GONE =
  'The uploaded file is no longer here: uploads are kept until Flywheel is started anew. Choose it again.';

export type ImportSource = { upload: string } | { path: string };

export interface ImportRequest {
  sources: ImportSource[];
  names?: string[] | undefined;
  preset?: string | undefined;
  mapping?: unknown;
  verify: boolean;
}

const isUnderWay = (run: RunSummary): boolean => run.state === 'queued' || run.state === 'running';

/** Finds the files of an import, its mapping, and carries it out as a run. Parsing is interchange's, keeping the store's. */
export const importsService = (
  home: string,
  store: Store,
  engine: () => RunEngine,
  judges: JudgesService,
) => {
  const uploads = path.join(home, 'uploads');
  let starting: Promise<unknown> = Promise.resolve();
  const sourceOf = (file: string): ImportSource =>
    path.dirname(file) === uploads ? { upload: path.basename(file) } : { path: file };

  /** The file behind a source. Says what is wrong with one that cannot be read. */
  const locate = async (source: ImportSource): Promise<string> => {
    const uploaded = 'upload' in source;
    const file = uploaded ? uploadPath(home, source.upload) : path.resolve(source.path);
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error)
      throw found.code === 'EACCES'
        ? new UserError(`${file} may not be opened. Check the permissions of its folder.`)
        : new UserError(uploaded ? UPLOAD_GONE : `There is no file ${file}. Check the path.`, 'NOT_FOUND');
    if (found.isDirectory()) throw new UserError(`${file} is a folder. Give the files in it.`);
    if (!found.isFile()) throw new UserError(`${file} is not a plain file.`);
    await access(file, constants.R_OK).catch(() => {
      throw new UserError(`${file} may not be read. Check its permissions.`);
    });
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
    const found = guess(valuesOf(await readSampleRecords(first)));
    if (found.mapping) return found.mapping;
    throw new UserError(`${name}: no mapping fits (${found.why}). Give --preset or --map.`);
  };

  return {
    presets: () => Object.entries(PRESETS).map(([name, mapping]) => ({ name, mapping })),

    guess: async (source: ImportSource, name?: string) => {
      const file = await locate(source);
      const sample = await readSampleRecords(file);
      const found = guess(valuesOf(sample));
      const shown = name ?? path.basename(file);
      return {
        ...found,
        fields: fieldsOf(sample),
        preview: found.mapping ? previewOf(sample, found.mapping, shown) : null,
      };
    },

    preview: async (source: ImportSource, mapping: unknown, name?: string) => {
      const checked = Mapping.parse(mapping);
      const file = await locate(source);
      return previewOf(await readSampleRecords(file), checked, name ?? path.basename(file));
    },

    start: async (request: ImportRequest): Promise<RunSummary> => {
      const files = await Promise.all(request.sources.map(locate));
      const names = files.map((f, i) => request.names?.[i] ?? path.basename(f));
      const mapping = await choose(request, files[0] as string, names[0] as string);
      const config = { files, names, mapping: mapping as unknown as JsonValue, verify: request.verify };
      const contents = await contentsOf(files, uploads);
      const run = {
        kind: 'import' as const,
        title: names.length === 1 ? (names[0] as string) : `${names[0]} and ${names.length - 1} more`,
        subject: names.join(', '),
        fingerprint: fingerprint({ ...config, kind: 'import', files: contents }),
        config,
      };
      // One after another: two clicks at once are two requests for one import.
      const started = starting.then(async () => {
        const same = (await engine().list()).find((r) => r.fingerprint === run.fingerprint && isUnderWay(r));
        return same ?? engine().start(run);
      });
      starting = started.catch(() => undefined);
      return started;
    },

    /** Takes an import back: its traces, their judgements and reviews. */
    undo: (id: ImportId) => store.imports.undo(id),

    /** The import as a run. Called again after a kill it reads the files anew; the store drops what it has. */
    handle: async (job: JobContext): Promise<RunSummary['result']> => {
      const files = job.config.files as string[];
      const names = job.config.names as string[];
      const mapping = Mapping.parse(job.config.mapping);
      const { id: importId, held } = await store.imports.beginRun(job.id, {
        title: names.join(', '),
        mapping,
      });
      /** Counts of the import, not of this pass: what an interrupted pass wrote comes again as duplicates. */
      const counted = (pass: { imported: number; duplicates: number; rejected: number }) => ({
        imported: pass.imported + Math.min(held, pass.duplicates),
        duplicates: Math.max(0, pass.duplicates - held),
        rejected: pass.rejected,
      });
      const rejectsFile = path.join('rejects', `import-${importId}.jsonl`);
      await mkdir(path.join(home, 'rejects'), { recursive: true });
      try {
        await Promise.all(files.map((file) => locate(sourceOf(file))));
        const pass = await importFiles(
          files,
          mapping,
          {
            names,
            rejectsFile: path.join(home, rejectsFile),
            write: (blocks) => store.imports.writeBlocks(importId, blocks),
          },
          {
            signal: job.signal,
            onProgress: (p) => {
              const { imported, duplicates, rejected } = counted(p);
              job.report(
                { done: imported, skipped: duplicates, failed: rejected },
                { done: p.bytesRead, total: p.bytesTotal, unit: 'bytes' },
              );
            },
          },
        );
        const { imported, duplicates, rejected } = counted(pass);
        const kept = rejected > 0 ? rejectsFile : null;
        if (!kept) await rm(path.join(home, rejectsFile), { force: true });
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

    /** After a restart, once recovered runs are queued: rows that nobody finishes are marked, uploads that nobody needs go. */
    tidy: async (): Promise<void> => {
      await store.imports.markInterrupted();
      const open = (await store.runs.list(['queued', 'running', 'paused'])).filter(
        (r) => r.kind === 'import',
      );
      const runs = await Promise.all(open.map((r) => store.runs.get(r.id as RunId)));
      const needed = new Set(runs.flatMap((r) => (r?.config.files as string[] | undefined) ?? []));
      for (const name of await readdir(uploads).catch(() => []))
        if (!needed.has(path.join(uploads, name))) await rm(path.join(uploads, name), { force: true });
    },
  };
};
