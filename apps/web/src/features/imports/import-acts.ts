import { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import type { QueryClient } from '@tanstack/react-query';
import { count } from '../../app/format.ts';
import { askForRun, useLiveRuns } from '../../app/live-runs.ts';
import { toast } from '../../app/toasts.ts';
import { client } from '../../app/trpc.ts';
import { putAway, putBack, type WaitingFile } from './intake.ts';
import { type ImportRow, importServer } from './server.ts';

const traces = (n: number): string => `${count(n)} ${n === 1 ? 'trace' : 'traces'}`;

const failed = (what: string, error: unknown): void =>
  toast({ text: `${what}: ${error instanceof Error ? error.message : String(error)}`, tone: 'bad' });

const liveRun = (id: number): RunSummary | undefined => useLiveRuns.getState().runs?.get(id);

/** Imports that were undone here; the news that such a one has ended comes too late to be told. */
const takenBack = new Set<number>();

/**
 * Says how an import ended, with its undo, wherever one is by then.
 *
 * @param before when the run had begun the last time; what is known of that time is no end of this one
 */
const announce = (id: number, before: number | null, queries: QueryClient): void => {
  let said = false;
  const look = (): void => {
    const run = liveRun(id);
    if (said || !run || !isOver(run.state) || run.startedAt === before) return;
    said = true;
    stop();
    if (run.state === 'failed') toast({ text: `${run.title} was not imported: ${run.error}`, tone: 'bad' });
    const { importId } = run.result;
    if (run.state !== 'succeeded' || typeof importId !== 'number' || takenBack.has(importId)) return;
    if (run.done === 0)
      return toast({ text: `Nothing new in ${run.title}: ${count(run.skipped)} duplicates` });
    const text = `${traces(run.done)} imported from ${run.title}`;
    toast({
      text,
      undo: async () => {
        await importServer.undo(importId as ImportRow['id']);
        await queries.invalidateQueries();
      },
    });
  };
  const stop = useLiveRuns.subscribe(look);
  look();
};

/** Takes files off the list that were not imported; nothing is lost by a slip. */
export const putAwayWithUndo = (files: readonly WaitingFile[]): void => {
  putAway(new Set(files.map((f) => f.id)));
  const text = files.length === 1 ? `${files[0]?.file.name} put away` : `${files.length} files put away`;
  toast({ text, undo: () => putBack(files) });
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
      const run = await askForRun(() => importServer.start(upload, file.name, mapping, verify));
      announce(run.id, null, queries);
      putAway(new Set([id]));
    } catch (error) {
      failed(`${file.name} was not imported`, error);
    }
  }
  await queries.invalidateQueries({ queryKey: ['imports'] });
};

export const cancelImport = async (run: RunSummary): Promise<void> => {
  try {
    await askForRun(() => client.runs.cancel.mutate({ id: RunId.parse(run.id) }));
    toast({
      text: `Import of ${run.title} cancelled; what it brought stays`,
      undo: async () => {
        await client.runs.resume.mutate({ id: RunId.parse(run.id) });
      },
    });
  } catch (error) {
    failed(`The import of ${run.title} goes on`, error);
  }
};

/** Reads the files again from their beginning; traces that are there already are passed over. */
export const resumeImport = async (run: number, queries: QueryClient): Promise<void> => {
  try {
    const before = liveRun(run)?.startedAt ?? null;
    await client.runs.resume.mutate({ id: RunId.parse(run) });
    announce(run, before, queries);
  } catch (error) {
    failed('The import does not go on', error);
  }
};

export const undoImport = async (row: ImportRow, queries: QueryClient): Promise<void> => {
  try {
    const { removed } = await importServer.undo(row.id);
    takenBack.add(row.id);
    toast({ text: `Import ${row.id} undone: ${traces(removed)} taken away` });
  } catch (error) {
    failed(`Import ${row.id} stays`, error);
  }
  await queries.invalidateQueries();
};
