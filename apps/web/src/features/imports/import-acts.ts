import { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import type { QueryClient } from '@tanstack/react-query';
import { count } from '../../app/format.ts';
import { noteRun, useLiveRuns } from '../../app/live-runs.ts';
import { toast } from '../../app/toasts.ts';
import { client } from '../../app/trpc.ts';
import { putAway, type WaitingFile } from './intake.ts';
import { type ImportRow, importServer } from './server.ts';

const failed = (what: string, error: unknown): void =>
  toast({ text: `${what}: ${error instanceof Error ? error.message : String(error)}`, tone: 'bad' });

/** Says how an import ended, with its undo, wherever one is by then. */
const announce = (id: number, queries: QueryClient): void => {
  const stop = useLiveRuns.subscribe(({ runs }) => {
    const run = runs?.get(id);
    if (!run || !isOver(run.state)) return;
    stop();
    if (run.state === 'failed') toast({ text: `${run.title} was not imported: ${run.error}`, tone: 'bad' });
    const { importId } = run.result;
    if (run.state !== 'succeeded' || typeof importId !== 'number') return;
    const text = `${count(run.done)} traces imported from ${run.title}`;
    if (run.done === 0) return toast({ text });
    toast({
      text,
      undo: async () => {
        await importServer.undo(importId as ImportRow['id']);
        await queries.invalidateQueries();
      },
    });
  });
};

/** Starts the import of each file; those that were started leave the list. */
export const startImports = async (
  files: readonly WaitingFile[],
  verify: boolean,
  queries: QueryClient,
): Promise<void> => {
  for (const { id, file, upload, mapping } of files) {
    if (upload === null || mapping === null) continue;
    try {
      const run = await importServer.start(upload, file.name, mapping, verify);
      noteRun(run);
      announce(run.id, queries);
      putAway(new Set([id]));
    } catch (error) {
      failed(`${file.name} was not imported`, error);
    }
  }
  await queries.invalidateQueries({ queryKey: ['imports'] });
};

export const cancelImport = async (run: RunSummary): Promise<void> => {
  try {
    noteRun(await client.runs.cancel.mutate({ id: RunId.parse(run.id) }));
    toast({
      text: `Import of ${run.title} cancelled; what it brought stays`,
      undo: async () => noteRun(await client.runs.resume.mutate({ id: RunId.parse(run.id) })),
    });
  } catch (error) {
    failed(`The import of ${run.title} goes on`, error);
  }
};

/** Reads the files again from their beginning; traces that are there already are passed over. */
export const resumeImport = async (run: number, queries: QueryClient): Promise<void> => {
  try {
    noteRun(await client.runs.resume.mutate({ id: RunId.parse(run) }));
    announce(run, queries);
  } catch (error) {
    failed('The import does not go on', error);
  }
};

export const undoImport = async (row: ImportRow, queries: QueryClient): Promise<void> => {
  try {
    const { removed } = await importServer.undo(row.id);
    toast({ text: `Import ${row.id} undone: ${count(removed)} traces taken away` });
  } catch (error) {
    failed(`Import ${row.id} stays`, error);
  }
  await queries.invalidateQueries();
};
