import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import type { JsonValue } from '@flywheel/domain/trace';
import { Mapping } from '@flywheel/interchange/mapping';
import { PRESETS } from '@flywheel/interchange/presets';
import { fingerprint } from '@flywheel/runs/fingerprint';
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

/** The same import that a dead process left, if there is one: it reads its files anew, in this process. */
const interrupted = async (
  connection: Connection,
  request: { sources: { path: string }[]; preset?: string; mapping?: unknown },
): Promise<number | null> => {
  if (!connection.inProcess) return null;
  const preset = request.preset === undefined ? null : PRESETS[request.preset as keyof typeof PRESETS];
  const mapping = preset ?? (request.mapping === undefined ? null : Mapping.safeParse(request.mapping).data);
  const wanted = JSON.stringify(request.sources.map((s) => s.path));
  for (const { id, kind, state } of await connection.api.runs.list.query()) {
    if (kind !== 'import' || (state !== 'queued' && state !== 'running')) continue;
    const config = (await connection.api.runs.get.query({ id: id as RunId }))?.config;
    const same =
      mapping === null ||
      fingerprint({ m: mapping as JsonValue }) === fingerprint({ m: config?.mapping ?? null });
    if (JSON.stringify(config?.files) === wanted && same) return id;
  }
  return null;
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
          const id =
            (await interrupted(connection, request)) ??
            (await connection.api.imports.start.mutate(request)).id;
          const [run] = await follow(connection, [id]);
          if (!run) throw new Error(`Run ${id} is gone.`);
          const rejects = run.result.rejectsFile;
          const subject = `import:${run.result.importId}`;
          const queued = (await connection.api.runs.list.query()).filter(
            (r) => r.kind === 'verify' && r.subject === subject,
          );
          const verifyRuns = queued.map((r) => r.id).sort((a, b) => a - b);
          await follow(connection, verifyRuns);
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
