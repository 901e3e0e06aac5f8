import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { IngestTrace, Reject } from '@flywheel/domain/ingest';
import { RecordError } from './draft.ts';
import { Ids } from './ids.ts';
import { mapRecord } from './map-record.ts';
import type { Mapping } from './mapping.ts';
import { excerptOf, type ReadRecord, readRecords } from './records.ts';

export interface ImportSink {
  /** Names of the files as the user knows them, in the order of the paths. */
  names: readonly string[];
  /** Where rejects are written, one JSON object a line. */
  rejectsFile: string;
  write(traces: IngestTrace[]): Promise<{ imported: number; duplicates: number }>;
}

export interface ImportProgress {
  imported: number;
  duplicates: number;
  rejected: number;
  bytesRead: number;
  bytesTotal: number;
}

const BATCH = 5_000;

/** Reads files through a mapping into the sink, a batch at a time. Bad records are rejected, each with its line and reason. */
export const importFiles = async (
  paths: readonly string[],
  mapping: Mapping,
  sink: ImportSink,
  options: { signal?: AbortSignal; onProgress?: (p: ImportProgress) => void } = {},
): Promise<{ imported: number; duplicates: number; rejected: number; seconds: number }> => {
  const began = performance.now();
  const ids = new Ids();
  const rejects = createWriteStream(sink.rejectsFile);
  const progress: ImportProgress = { imported: 0, duplicates: 0, rejected: 0, bytesRead: 0, bytesTotal: 0 };
  let pending: IngestTrace[] = [];

  const flush = async () => {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    const { imported, duplicates } = await sink.write(batch);
    progress.imported += imported;
    progress.duplicates += duplicates;
    options.onProgress?.({ ...progress });
  };
  const reject = async (r: Reject) => {
    progress.rejected++;
    if (!rejects.write(`${JSON.stringify(r)}\n`)) await once(rejects, 'drain');
  };
  const take = async (record: ReadRecord, file: string) => {
    if (record.value === undefined)
      return reject({ file, line: record.line, reason: record.reason ?? 'empty', excerpt: record.excerpt });
    try {
      for (const draft of mapRecord(mapping, record.value, file)) pending.push(ids.assign(draft));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      await reject({
        file,
        line: record.line,
        reason: error.message,
        excerpt: excerptOf(Buffer.from(JSON.stringify(record.value))),
      });
    }
  };

  try {
    for (const [i, path] of paths.entries()) {
      const before = progress.bytesRead;
      for await (const { records, bytesRead, bytesTotal } of readRecords(path, options.signal)) {
        if (options.signal?.aborted) return finished();
        for (const record of records) await take(record, sink.names[i] ?? path);
        progress.bytesRead = before + bytesRead;
        progress.bytesTotal = before + bytesTotal;
        if (pending.length >= BATCH) await flush();
      }
    }
    await flush();
    return finished();
  } finally {
    rejects.end();
    await once(rejects, 'close');
  }

  function finished() {
    const { imported, duplicates, rejected } = progress;
    return { imported, duplicates, rejected, seconds: (performance.now() - began) / 1000 };
  }
};
