import { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import { noteRun } from '../../app/live-runs.ts';
import { toast } from '../../app/toasts.ts';
import { client } from '../../app/trpc.ts';

const attempt = async (what: string, act: () => Promise<RunSummary>): Promise<RunSummary | null> => {
  try {
    const run = await act();
    noteRun(run);
    return run;
  } catch (error) {
    toast({ text: `${what}: ${error instanceof Error ? error.message : String(error)}`, tone: 'bad' });
    return null;
  }
};

/** Continues a run with the items that have no result. */
export const resumeRun = (run: RunSummary): Promise<RunSummary | null> =>
  attempt(`Run ${run.id} was not resumed`, () => client.runs.resume.mutate({ id: RunId.parse(run.id) }));

/** Stops a run; what it has done stays, and resuming takes the stop back. */
export const cancelRun = async (run: RunSummary): Promise<void> => {
  const cancelled = await attempt(`Run ${run.id} was not cancelled`, () =>
    client.runs.cancel.mutate({ id: RunId.parse(run.id) }),
  );
  if (cancelled?.state !== 'cancelled') return;
  toast({
    text: `Run ${run.id} cancelled`,
    undo: async () => noteRun(await client.runs.resume.mutate({ id: RunId.parse(run.id) })),
  });
};

/** Starts a verifier over what a query selects now. */
export const startVerifier = (verifier: string, query: string): Promise<RunSummary | null> =>
  attempt(`${verifier} was not started`, () => client.judges.run.mutate({ verifier, query }));
