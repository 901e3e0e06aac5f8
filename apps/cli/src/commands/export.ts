import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type DataCard, markdownCard } from '@flywheel/interchange/exports/data-card';
import { EXPORT_FORMATS } from '@flywheel/interchange/exports/formats';
import type { Command } from 'commander';
import { follow } from '../follow.ts';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';
import { QUERY_HELP, withSlice } from './slice.ts';

/** Found out before the work, not after it. */
const writable = async (file: string): Promise<string> => {
  const out = path.resolve(file);
  const [itself, folder] = await Promise.all([out, path.dirname(out)].map((p) => stat(p).catch(() => null)));
  if (itself?.isDirectory()) throw new InputError(`--out ${out} is a folder. Name a file in it.`);
  if (!folder?.isDirectory())
    throw new InputError(`--out ${out}: there is no folder ${path.dirname(out)}. Make it first.`);
  return out;
};

/** Copies an export and its data cards, which then name the copy. */
const copyOut = async (from: string, out: string): Promise<void> => {
  await copyFile(from, out);
  const card = await readFile(`${from}.card.json`, 'utf8').catch(() => null);
  if (card === null) return;
  const copy: DataCard = { ...(JSON.parse(card) as DataCard), file: path.basename(out) };
  const title = EXPORT_FORMATS.find((f) => f.id === copy.format)?.title ?? copy.format;
  await writeFile(`${out}.card.json`, `${JSON.stringify(copy, null, 2)}\n`);
  await writeFile(`${out}.card.md`, markdownCard(copy, title));
};

export const addExport = (program: Command): void => {
  const formats = EXPORT_FORMATS.map((f) => `  ${f.id.padEnd(28)} ${f.title}`);
  withSlice(workspaceCommand(program, 'export <format>', 'write a slice as training data'))
    .requiredOption('--out <file>', 'file to write; its data cards are FILE.card.json and FILE.card.md')
    .addHelpText('after', `\nFormats:\n${formats.join('\n')}\n\n${QUERY_HELP}`)
    .action(async (format: string, o: Common & { slice: string; out: string }) => {
      const out = await writable(o.out);
      await perform(
        o,
        async (connection) => {
          const started = await connection.api.exports.start.mutate({ format, query: o.slice });
          const [run = started] = await follow(connection, [started.id]);
          await copyOut(path.resolve(o.home, String(run.result.file)), out);
          const { written = 0, skipped = 0, sha256 = null } = run.result;
          return { written, skipped, sha256, file: out };
        },
        (r) => `Wrote ${r.written} to ${r.file}, skipped ${r.skipped}. sha256 ${r.sha256}`,
      );
    });
};
