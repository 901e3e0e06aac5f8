import { rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type DataCard, markdownCard } from './data-card.ts';
import { EXPORT_FORMATS, type ExportTrace } from './formats.ts';
import { HashedFile, JsonLinesWriter } from './line-writer.ts';
import { ParquetLinesWriter } from './parquet-writer.ts';

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

/** Counts by name; a map, because names come from imported files. */
const bump = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/**
 * Writes traces in a format, every line checked, and a data card (`FILE.card.json`, `FILE.card.md`) beside the file.
 * The file appears whole or not at all: it is written under another name and renamed.
 *
 * @throws Error when the format is unknown, the file cannot be written, or `signal` is aborted
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
  const file = await HashedFile.create(part);
  const writer = format.extension === '.parquet' ? new ParquetLinesWriter(file) : new JsonLinesWriter(file);
  const newCounts = () => new Map<string, number>();
  const reasons = newCounts();
  const [tasks, models, sources, judges] = [newCounts(), newCounts(), newCounts(), newCounts()];
  let written = 0;
  try {
    for await (const trace of traces) {
      about.signal?.throwIfAborted();
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
      await writer.write(line);
      written++;
      bump(tasks, trace.row.task);
      bump(models, trace.row.model);
      bump(sources, trace.row.source);
      for (const j of trace.judgements) bump(judges, `${j.judge} (${j.version})`);
    }
    about.signal?.throwIfAborted();
    const sha256 = await writer.end();
    await writer.close();
    await rename(part, out);
    const skipped = [...reasons.values()].reduce((a, b) => a + b, 0);
    const card: DataCard = {
      file: basename(out),
      format: id,
      query: about.query,
      written,
      skipped,
      reasons: Object.fromEntries(reasons),
      sha256,
      tasks: Object.fromEntries(tasks),
      models: Object.fromEntries(models),
      sources: Object.fromEntries(sources),
      judges: Object.fromEntries(judges),
      license: null,
    };
    await writeFile(`${out}.card.json`, `${JSON.stringify(card, null, 2)}\n`);
    await writeFile(`${out}.card.md`, markdownCard(card, format.title));
    return { written, skipped, reasons: card.reasons, sha256 };
  } catch (error) {
    await writer.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
};
