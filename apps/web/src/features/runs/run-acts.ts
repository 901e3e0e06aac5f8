import type { ItemCause, Tuning } from '@flywheel/domain/critique';
import { RunId, type TraceId } from '@flywheel/domain/ids';
import type { RunAct, RunSummary } from '@flywheel/domain/run';
import { count } from '../../app/format.ts';
import { askForRun, cancelRun } from '../../app/live-runs.ts';
import { toast } from '../../app/toasts.ts';
import { client } from '../../app/trpc.ts';

/** Does it, and says what went wrong. */
const attempt = async <T>(failure: string, act: () => Promise<T>): Promise<T | null> => {
  try {
    return await act();
  } catch (error) {
    toast({ text: `${failure}: ${error instanceof Error ? error.message : String(error)}`, tone: 'bad' });
    return null;
  }
};

/** What each act is called, the key that does it, and what it does. */
export const RUN_ACTS: Readonly<
  Record<RunAct, { label: string; key: string; title: string; keyLabel: string }>
> = {
  pause: {
    label: 'Pause',
    key: 'p',
    title: 'What is in hand is finished and kept',
    keyLabel: 'pause the open run',
  },
  resume: {
    label: 'Resume',
    key: 'r',
    title: 'Goes on with the items that have no result',
    keyLabel: 'resume the open run',
  },
  cancel: {
    label: 'Cancel',
    key: 'c',
    title: 'What is done stays; resuming goes on from there',
    keyLabel: 'cancel the open run',
  },
  retry: {
    label: 'Retry failed',
    key: 'f',
    title: 'Does the failed items again',
    keyLabel: 'retry the failed items of the open run',
  },
};

export const actOn = async (run: RunSummary, act: RunAct): Promise<void> => {
  const id = RunId.parse(run.id);
  const after =
    act === 'cancel'
      ? await attempt(`Run ${id} was not cancelled`, () => cancelRun(id))
      : await attempt(`Run ${id} did not ${act}`, () => askForRun(() => client.runs[act].mutate({ id })));
  if (act === 'cancel' && after?.state === 'cancelled')
    toast({
      text: `Run ${id} cancelled`,
      undo: async () => {
        await askForRun(() => client.runs.resume.mutate({ id }));
      },
    });
};

/** Does one failed item again. */
export const retryItem = (run: RunSummary, trace: TraceId): Promise<RunSummary | null> =>
  attempt(`Trace ${trace} was not retried`, () =>
    askForRun(() => client.runs.retry.mutate({ id: RunId.parse(run.id), trace })),
  );

/** Does the failed items of one cause again. */
export const retryCause = (run: RunSummary, cause: ItemCause): Promise<RunSummary | null> =>
  attempt(`Run ${run.id} was not retried`, () =>
    askForRun(() => client.runs.retry.mutate({ id: RunId.parse(run.id), cause })),
  );

/** Changes calls at once, priority and budget of a run; undone, they are what they were. */
export const tuneRun = async (run: RunSummary, tuning: Tuning): Promise<void> => {
  const id = RunId.parse(run.id);
  const { tuning: before } = run;
  const tune = (to: Tuning): Promise<RunSummary> => askForRun(() => client.runs.tune.mutate({ id, ...to }));
  const after = await attempt(`Run ${id} was not changed`, () => tune(tuning));
  if (after === null || before === null) return;
  toast({
    text: `Limits of run ${id} changed`,
    undo: async () => {
      await tune(before);
    },
  });
};

/** Adds to a run what its query selects now; returns whether that went well. */
export const addItems = async (run: RunSummary): Promise<boolean> => {
  const id = RunId.parse(run.id);
  const after = await attempt(`Nothing was added to run ${id}`, () => client.runs.addItems.mutate({ id }));
  if (after === null) return false;
  const { added } = after;
  toast({
    text: added === 0 ? `Run ${id} has all of them already` : `${traces(added)} added to run ${id}`,
  });
  return true;
};

const traces = (n: number): string => `${count(n)} ${n === 1 ? 'trace' : 'traces'}`;

/** Starts a verifier over what a query selects now. */
export const startVerifier = (verifier: string, query: string): Promise<RunSummary | null> =>
  attempt(`${verifier} was not started`, () =>
    askForRun(() => client.judges.run.mutate({ verifier, query })),
  );
