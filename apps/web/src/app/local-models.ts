import type { BackendTry, LocalModel, ModelId } from '@flywheel/domain/model';
import type { CallOptions } from '@flywheel/inference/worker-client';
import type { WebBackend } from '@flywheel/inference/worker-protocol';
import type { SourceFiles } from '@flywheel/inference/worker-source';
import { create } from 'zustand';
import { type OpenModel, openModel } from './inference.ts';
import { measureSpeed, tryOf } from './model-try.ts';
import { client } from './trpc.ts';

/** What this tab is to load, and where. */
export interface Wanted {
  /** The name of a registered model, or of a folder that was picked. */
  name: string;
  source: SourceFiles;
  backend: WebBackend;
  precision?: string | undefined;
  /** In the registry: what became of loading it is told there. */
  registered: boolean;
}

/** A model in this tab: on its way, there, or why not. */
export type Seat = { wanted: Wanted } & (
  | { state: 'loading'; read: number; asked: number; began: number; stop: () => void }
  | { state: 'ready'; open: OpenModel }
  | { state: 'failed'; error: string }
);

/** Models of this tab by name, each in a worker of its own. */
export const useLocalModels = create<{
  seats: ReadonlyMap<string, Seat>;
  /** How often the registry was told of a load: what is shown of it is old then. */
  told: number;
}>()(() => ({ seats: new Map(), told: 0 }));

const put = (name: string, seat: Seat | null): void =>
  useLocalModels.setState(({ seats }) => {
    const next = new Map(seats);
    if (seat) next.set(name, seat);
    else next.delete(name);
    return { seats: next };
  });

export const seatOf = (name: string): Seat | undefined => useLocalModels.getState().seats.get(name);

/** Files of a registered model, which the server sends. */
export const registeredSource = ({ id, files }: LocalModel): SourceFiles => ({
  name: id,
  files: Object.fromEntries(
    files.map(({ path, bytes }) => {
      const place = path.split('/').map(encodeURIComponent).join('/');
      return [path, { url: new URL(`/models/${id}/files/${place}`, location.href).href, bytes }];
    }),
  ),
});

/** Who waits for each model that is being loaded. */
const loading = new Map<string, Promise<OpenModel>>();

/**
 * Loads a model into this tab, in place of what it has of that name; one that is loaded so already is taken as it is.
 *
 * @throws WorkerFailure that says why it cannot be loaded
 */
export const loadModel = (wanted: Wanted): Promise<OpenModel> => {
  const { name, backend, precision } = wanted;
  const seat = seatOf(name);
  const same =
    seat !== undefined && seat.wanted.backend.name === backend.name && seat.wanted.precision === precision;
  if (same && seat.state === 'ready') return Promise.resolve(seat.open);
  const underWay = loading.get(name);
  if (same && seat.state === 'loading' && underWay) return underWay;
  unloadModel(name);
  const opening = open(wanted).finally(() => {
    if (loading.get(name) === opening) loading.delete(name);
  });
  loading.set(name, opening);
  return opening;
};

const open = async (wanted: Wanted): Promise<OpenModel> => {
  const { name, source, backend, precision, registered } = wanted;
  const stopping = new AbortController();
  const began = performance.now();
  const seat = { wanted, state: 'loading' as const, began, stop: () => stopping.abort(STOPPED) };
  const onTold: CallOptions<'load'>['onTold'] = ({ read, asked }) => {
    if (!stopping.signal.aborted) put(name, { ...seat, read, asked });
  };
  put(name, { ...seat, read: 0, asked: 0 });
  try {
    const opened = await openModel(source, {
      backend,
      options: precision === undefined ? {} : { precision },
      onTold,
      signal: stopping.signal,
    });
    opened.client.onEnd((error) => {
      const now = seatOf(name);
      if (now?.state === 'ready' && now.open === opened)
        put(name, { wanted, state: 'failed', error: error.message });
    });
    put(name, { wanted, state: 'ready', open: opened });
    if (registered) void tellTry(name as ModelId, opened);
    return opened;
  } catch (error) {
    if (stopping.signal.aborted) put(name, null);
    else {
      const message = (error as Error).message;
      put(name, { wanted, state: 'failed', error: message });
      if (registered) void tellFailure(name as ModelId, wanted, message);
    }
    throw error;
  }
};

const STOPPED = new Error('Loading was stopped.');

/** Loads a model that failed once more, as it was wanted. @throws WorkerFailure that says why it cannot be loaded */
export const reloadModel = async (name: string): Promise<void> => {
  const seat = seatOf(name);
  if (seat?.state === 'failed') await loadModel(seat.wanted);
};

/** Gives a model's memory back, or stops it on its way. */
export const unloadModel = (name: string): void => {
  const seat = seatOf(name);
  if (seat?.state === 'loading') seat.stop();
  put(name, null);
  if (seat?.state === 'ready') seat.open.client.end();
};

/** The registry keeps how a backend did; that it cannot be told is no reason to disturb anybody. */
const tellTry = async (id: ModelId, opened: OpenModel): Promise<void> => {
  await record(id, tryOf(opened));
  const speed = await measureSpeed(opened).catch(() => null);
  if (speed) await record(id, tryOf(opened, speed));
};

const tellFailure = (id: ModelId, { backend, precision }: Wanted, error: string): Promise<void> =>
  record(id, {
    backend: backend.name,
    at: Date.now(),
    precision: precision ?? '',
    threads: backend.threads ?? 1,
    weights: 0,
    loadSeconds: 0,
    notes: [],
    adapter: null,
    probe: null,
    tokensPerSecond: { score: null, generate: null },
    error,
  });

const record = async (id: ModelId, made: BackendTry): Promise<void> => {
  await client.models.recordTry.mutate({ id, try: made }).catch(() => undefined);
  useLocalModels.setState(({ told }) => ({ told: told + 1 }));
};
