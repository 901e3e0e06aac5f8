import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Query } from '@flywheel/domain/query/ast';
import type { RunSummary } from '@flywheel/domain/run';
import { exportTraces } from '@flywheel/interchange/exports/export-traces';
import { EXPORT_FORMATS } from '@flywheel/interchange/exports/formats';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { JobContext } from '@flywheel/runs/run-handler';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';

const BATCH = 500;

/** Writes what a query selected when it was asked for to `<home>/exports`, in one of interchange's formats, as a run. */
export const exportsService = (home: string, store: Store, engine: () => RunEngine) => {
  async function* details(seqs: Uint32Array, job: JobContext) {
    for (let at = 0; at < seqs.length; at += BATCH) {
      if (job.signal.aborted) return;
      yield* await store.exportBatch(seqs.subarray(at, at + BATCH));
      job.report({ done: Math.min(seqs.length, at + BATCH), total: seqs.length });
    }
  }

  return {
    formats: () => EXPORT_FORMATS.map(({ id, title, extension }) => ({ id, title, extension })),

    /** Freezes what the query selects now and queues the export: traces that arrive meanwhile are not in it. */
    start: async (format: string, subject: string, query: Query): Promise<RunSummary> => {
      const known = EXPORT_FORMATS.find((f) => f.id === format);
      if (!known)
        throw new UserError(
          `There is no format "${format}". Formats: ${EXPORT_FORMATS.map((f) => f.id).join(', ')}.`,
        );
      const items = await store.traces.seqs(query);
      const config = { format, query: subject };
      return engine().start({
        kind: 'export',
        title: known.title,
        subject,
        fingerprint: fingerprint({ kind: 'export', ...config }, items),
        config,
        items,
      });
    },

    handle: async (job: JobContext): Promise<RunSummary['result']> => {
      const format = EXPORT_FORMATS.find((f) => f.id === job.config.format);
      if (!format) throw new UserError(`There is no format "${job.config.format}".`);
      const folder = path.join(home, 'exports');
      await mkdir(folder, { recursive: true });
      const file = `run-${job.id}-${format.id}${format.extension}`;
      // No item of an export gets a result: its file is written whole or not at all, so all of them are always still to do.
      const seqs = await store.runs.itemSeqs(job.id);
      job.report({ done: 0, total: seqs.length });
      const { written, skipped, sha256 } = await exportTraces(
        format.id,
        details(seqs, job),
        path.join(folder, file),
        {
          query: String(job.config.query),
          signal: job.signal,
        },
      );
      job.report({ done: seqs.length - skipped, skipped, total: seqs.length });
      return { file: `exports/${file}`, written, skipped, sha256 };
    },
  };
};
