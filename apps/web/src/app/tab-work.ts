import { RunId } from '@flywheel/domain/ids';
import type { RanOn } from '@flywheel/domain/local-run';
import { ModelId } from '@flywheel/domain/model';
import { type RunSummary, runsLocally } from '@flywheel/domain/run';
import { performTasks } from '@flywheel/inference/task/perform';
import type { LoadedModel, WebBackend } from '@flywheel/inference/worker-protocol';
import { workOnLeases } from '@flywheel/runs/local/lease-loop';
import type { LeasePort, Worker } from '@flywheel/runs/local/local-ports';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { OpenModel } from './inference.ts';
import { useLiveRuns } from './live-runs.ts';
import { loadModel, registeredSource, unloadModel } from './local-models.ts';
import { notify } from './toasts.ts';
import { client } from './trpc.ts';

/** Runs for which this browser works, and on what. Any of its tabs goes on with one whose tab was closed. */
interface Promised {
  runs: Readonly<Record<string, WebBackend['name']>>;
}
export const usePromised = create<Promised>()(
  persist(() => ({ runs: {} }) as Promised, { name: 'flywheel-works' }),
);

/** What this tab does for a run now. */
export type TabWork =
  | { state: 'loading' }
  | { state: 'working'; tasks: number }
  | { state: 'failed'; error: string };
export const useTabWork = create<{ runs: ReadonlyMap<number, TabWork> }>()(() => ({ runs: new Map() }));

const note = (run: number, work: TabWork | null): void =>
  useTabWork.setState(({ runs }) => {
    const next = new Map(runs);
    if (work) next.set(run, work);
    else next.delete(run);
    return { runs: next };
  });

/** Has this browser work for a run; the tab begins at once. */
export const workFor = (run: number, backend: WebBackend['name']): void => {
  usePromised.setState(({ runs }) => ({ runs: { ...runs, [run]: backend } }));
  note(run, null);
  attend();
};

/** This browser leaves a run: what it has in hand is given back. */
export const leaveWork = (run: number): void => {
  usePromised.setState(({ runs }) => {
    const { [run]: _left, ...rest } = runs;
    return { runs: rest };
  });
  attending.get(run)?.abort();
};

/** Whether a run takes tabs, and is under way. */
export const takesTabs = (run: RunSummary): boolean =>
  runsLocally(run.kind) && run.state === 'running' && run.result.executor === 'browser';

const attending = new Map<number, AbortController>();
/** Leases that this tab has, by run: given back when it closes. */
const held = new Map<string, number>();

/** Begins work for the runs that this browser promised and that this tab does not work for yet. */
const attend = (): void => {
  const { runs } = useLiveRuns.getState();
  for (const [id, backend] of Object.entries(usePromised.getState().runs)) {
    const run = runs?.get(Number(id));
    if (
      !run ||
      !takesTabs(run) ||
      attending.has(run.id) ||
      useTabWork.getState().runs.get(run.id)?.state === 'failed'
    )
      continue;
    const leaving = new AbortController();
    attending.set(run.id, leaving);
    // One tab of a browser at a time; when it closes, the next one that waits goes on.
    navigator.locks
      .request(`flywheel-run-${run.id}`, { signal: leaving.signal }, () =>
        work(RunId.parse(run.id), backend, leaving.signal),
      )
      .catch((error: Error) => {
        if (leaving.signal.aborted) return;
        note(run.id, { state: 'failed', error: error.message });
        notify({
          text: `This tab left run ${run.id}: ${error.message}`,
          tone: 'bad',
          link: { label: 'Open', href: `/runs?run=${run.id}` },
        });
      })
      .finally(() => {
        attending.delete(run.id);
        if (useTabWork.getState().runs.get(run.id)?.state !== 'failed') note(run.id, null);
      });
  }
};

const work = async (id: RunId, backend: WebBackend['name'], signal: AbortSignal): Promise<void> => {
  const now = useLiveRuns.getState().runs?.get(id);
  if (!now || !takesTabs(now)) return;
  note(id, { state: 'loading' });
  const run = await client.runs.get.query({ id });
  if (!run) return;
  const { model: name, precision } = run.config;
  const model = await client.models.get.query({ id: ModelId.parse(name) });
  const load = (): Promise<OpenModel> =>
    loadModel({
      name: model.id,
      source: registeredSource(model),
      backend: { name: backend },
      precision: String(precision),
      registered: true,
    });
  let open = await load();
  let tasks = 0;
  const worker: Worker = { id: TAB, ranOn: ranOnOf(open.loaded) };
  note(id, { state: 'working', tasks });
  await workOnLeases({
    desk: deskOf(id),
    worker,
    perform: (given, stop) =>
      performTasks({ client: open.client, context: open.loaded.context }, given, { signal: stop }),
    restart: async () => {
      unloadModel(model.id);
      open = await load();
    },
    signal,
    onDone: (done) => {
      tasks += done;
      note(id, { state: 'working', tasks });
    },
  });
};

const TAB = `tab-${crypto.randomUUID()}`;

const ranOnOf = ({ backend, report, gpu }: LoadedModel): RanOn => ({
  backend,
  precision: report.variant.precision,
  adapter:
    gpu && [gpu.adapter.vendor, gpu.adapter.architecture, gpu.adapter.description].filter(Boolean).join(' '),
});

/** The server's desk, as this tab reaches it. */
const deskOf = (run: RunId): LeasePort => ({
  take: async (worker, most) => {
    const taken = await client.leases.take.mutate({ run, worker, most });
    if (taken.kind === 'lease') held.set(taken.lease.id, run);
    return taken;
  },
  renew: async (lease) => (await client.leases.renew.mutate({ run, lease })).held,
  report: async (lease, answers) => {
    await client.leases.report.mutate({ run, lease, answers });
    held.delete(lease);
  },
  giveBack: async (lease, why) => {
    held.delete(lease);
    await client.leases.giveBack.mutate({ run, lease, why: why?.slice(0, 2_000) ?? null });
  },
});

/** A page that goes gives back what it has; the request outlives it. Without this its leases would run out by themselves. */
const giveAllBack = (): void => {
  for (const [lease, run] of held)
    void fetch('/trpc/leases.giveBack', {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ run, lease, why: null }),
    }).catch(() => undefined);
  held.clear();
};

/** Forgets promises for runs that are over. */
const tidy = (): void => {
  const { runs } = useLiveRuns.getState();
  for (const id of Object.keys(usePromised.getState().runs)) {
    const run = runs?.get(Number(id));
    if (run && ['succeeded', 'failed', 'cancelled'].includes(run.state)) leaveWork(run.id);
  }
};

/** Lets this tab work for the runs that its browser promised, as soon as they take work. */
export const followTabWork = (): (() => void) => {
  const stops = [
    useLiveRuns.subscribe(() => {
      tidy();
      attend();
    }),
    usePromised.subscribe(attend),
  ];
  // Another tab of this browser may have promised meanwhile.
  const heard = (event: StorageEvent): void => {
    if (event.key === 'flywheel-works') void usePromised.persist.rehydrate();
  };
  addEventListener('storage', heard);
  addEventListener('pagehide', giveAllBack);
  attend();
  return () => {
    for (const stop of stops) stop();
    removeEventListener('storage', heard);
    removeEventListener('pagehide', giveAllBack);
  };
};
