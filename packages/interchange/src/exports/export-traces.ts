import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EXPORT_FORMATS, type ExportTrace } from './formats.ts';

export interface ExportResult {
  written: number;
  skipped: number;
  /** Why traces were left out, and how many for each reason. */
  reasons: Record<string, number>;
  /** Of the file's bytes. */
  sha256: string;
}

const isSkip = (line: unknown): line is { skip: string } =>
  typeof line === 'object' && line !== null && 'skip' in line;

const bump = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/**
 * Writes traces in a format, every line checked, and a data card (`FILE.card.json`) beside the file.
 * The file appears whole or not at all: it is written under another name and renamed.
 *
 * @throws Error when the format is unknown, a line breaks its format, or `signal` is aborted
 */
export const exportTraces = async (
  id: string,
  traces: AsyncIterable<ExportTrace>,
  out: string,
  about: { query: string; signal?: AbortSignal },
): Promise<ExportResult> => {
  const format = EXPORT_FORMATS.find((f) => f.id === id);
  if (!format)
    throw new Error(`There is no format "${id}". Formats: ${EXPORT_FORMATS.map((f) => f.id).join(', ')}.`);
  const part = `${out}.part`;
  const file = createWriteStream(part);
  const sha = createHash('sha256');
  const reasons: Record<string, number> = {};
  const counts = { tasks: {}, models: {}, sources: {}, judges: {} } as Record<
    'tasks' | 'models' | 'sources' | 'judges',
    Record<string, number>
  >;
  let written = 0;
  try {
    for await (const trace of traces) {
      const line = format.convert(trace);
      if (isSkip(line)) {
        bump(reasons, line.skip);
        continue;
      }
      const checked = format.line.safeParse(line);
      if (!checked.success) {
        bump(reasons, `not a line of ${id}: ${checked.error.issues[0]?.message}`);
        continue;
      }
      const text = `${JSON.stringify(line)}\n`;
      sha.update(text);
      if (!file.write(text)) await once(file, 'drain');
      written++;
      bump(counts.tasks, trace.row.task);
      bump(counts.models, trace.row.model);
      bump(counts.sources, trace.row.source);
      for (const j of trace.judgements) bump(counts.judges, `${j.judge} (${j.version})`);
    }
    about.signal?.throwIfAborted();
    file.end();
    await once(file, 'close');
    const sha256 = sha.digest('hex');
    const skipped = Object.values(reasons).reduce((a, b) => a + b, 0);
    await rename(part, out);
    const card = {
      file: basename(out),
      format: id,
      query: about.query,
      written,
      skipped,
      reasons,
      sha256,
      ...counts,
      license: null,
    };
    await writeFile(`${out}.card.json`, `${JSON.stringify(card, null, 2)}\n`);
    return { written, skipped, reasons, sha256 };
  } catch (error) {
    file.destroy();
    await rm(part, { force: true });
    throw error;
  }
};
