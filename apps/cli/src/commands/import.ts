import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isOver } from '@flywheel/domain/run';
import { PRESETS } from '@flywheel/interchange/presets';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import { follow, secondsOf } from '../follow.ts';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';

interface ImportOptions extends Common {
  preset?: string;
  map?: string;
  verify: boolean;
}

const readMapping = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InputError(`--map ${file}: it cannot be read. Check the path.`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`--map ${file}: it is no JSON (${(cause as Error).message}).`, { cause });
  }
};

const present = async (file: string): Promise<{ path: string }> => {
  const full = path.resolve(file);
  const found = await stat(full).catch(() => null);
  if (!found) throw new InputError(`There is no file ${full}. Check the path.`);
  if (!found.isFile()) throw new InputError(`${full} is a folder. Name the files in it.`);
  return { path: full };
};

/** The verifiers that an import has queued on what arrived, to their end. */
const verified = async (connection: Connection, importId: unknown): Promise<number[]> => {
  const subject = `import:${importId}`;
  const runs = (await connection.runs()).filter((r) => r.kind === 'verify' && r.subject === subject);
  const ids = runs.map((r) => r.id).sort((a, b) => a - b);
  await follow(
    connection,
    ids.filter((id) => runs.some((r) => r.id === id && !isOver(r.state))),
  );
  return ids;
};

export const addImport = (program: Command): void => {
  workspaceCommand(
    program,
    'import <file...>',
    'import traces from files; the format is guessed when not given',
  )
    .option('--preset <name>', `a known format: ${Object.keys(PRESETS).join(', ')}`)
    .option('--map <file>', 'a mapping file, as the import screen writes it')
    .option('--no-verify', 'do not run the verifiers on what arrives')
    .addHelpText(
      'after',
      '\nJSONL, JSON, CSV and Parquet, also gzipped. Lines that cannot be read go to a rejects file and the rest is\nkept; the same file again adds nothing.\n\n  flywheel import solutions.jsonl --preset gsm8k-solutions',
    )
    .action(async (files: string[], o: ImportOptions) => {
      if (o.preset !== undefined && o.map !== undefined)
        throw new InputError('Give either --preset or --map, not both.');
      const request = {
        sources: await Promise.all(files.map(present)),
        verify: o.verify,
        ...(o.preset === undefined ? {} : { preset: o.preset }),
        ...(o.map === undefined ? {} : { mapping: await readMapping(o.map) }),
      };
      await perform(
        o,
        async (connection) => {
          const started = await connection.startImport(request);
          const [run = started] = await follow(connection, [started.id]);
          const rejects = run.result.rejectsFile;
          const verifyRuns = o.verify ? await verified(connection, run.result.importId) : [];
          return {
            imported: run.done,
            duplicates: run.skipped,
            rejected: run.failed,
            rejectsFile: typeof rejects === 'string' ? path.resolve(o.home, rejects) : null,
            seconds: secondsOf(run),
            runId: run.id,
            verifyRuns,
          };
        },
        (r) =>
          `Imported ${r.imported}, ${r.duplicates} known already, ${r.rejected} rejected${r.rejectsFile ? ` (${r.rejectsFile})` : ''}, in ${r.seconds.toFixed(1)} s.`,
        { recover: true },
      );
    });
};
