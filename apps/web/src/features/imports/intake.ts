import type { Mapping } from '@flywheel/interchange/mapping';
import { create } from 'zustand';
import { type Guess, type ImportPreview, importServer } from './server.ts';
import { upload } from './upload.ts';

/** A file on its way in: sent, looked at, its mapping chosen. What is imported leaves this list and becomes a run. */
export interface WaitingFile {
  id: number;
  file: File;
  state: 'queued' | 'sending' | 'reading' | 'ready' | 'refused';
  /** Bytes that have been sent. */
  sent: number;
  /** Why it is refused; a folder, or a file that the server did not take. */
  error: string | null;
  upload: string | null;
  guess: Guess | null;
  /** The preset that the mapping is, unchanged; `generic` for a mapping field by field. */
  preset: string;
  mapping: Mapping | null;
  preview: ImportPreview | null;
  /** Why the mapping gives no preview. */
  previewError: string | null;
}

interface Intake {
  files: readonly WaitingFile[];
  /** The file whose mapping is on screen. */
  open: number | null;
}

export const useIntake = create<Intake>()(() => ({ files: [], open: null }));

let last = 0;
const aborts = new Map<number, AbortController>();
/** The newest mapping of each file: an answer about an older one is dropped. */
const wanted = new Map<number, Mapping>();

export const fileOf = (id: number): WaitingFile | undefined =>
  useIntake.getState().files.find((f) => f.id === id);

const change = (id: number, patch: Partial<WaitingFile>): void =>
  useIntake.setState(({ files }) => ({ files: files.map((f) => (f.id === id ? { ...f, ...patch } : f)) }));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const look = async (id: number, name: string, uploaded: string): Promise<void> => {
  change(id, { state: 'reading', upload: uploaded, error: null });
  const guess = await importServer.guess(uploaded, name);
  const preset = guess.preset ?? 'generic';
  change(id, { state: 'ready', guess, preset, mapping: guess.mapping, preview: guess.preview });
};

const send = async (id: number): Promise<void> => {
  const waiting = fileOf(id);
  if (waiting?.state !== 'queued') return;
  const controller = new AbortController();
  aborts.set(id, controller);
  change(id, { state: 'sending', sent: 0, error: null });
  try {
    const { upload: uploaded } = await upload(waiting.file, controller.signal, (sent) =>
      change(id, { sent }),
    );
    await look(id, waiting.file.name, uploaded);
  } catch (error) {
    change(id, { state: 'refused', error: messageOf(error) });
  } finally {
    aborts.delete(id);
  }
};

/** Files are sent one after another: the first is there soonest. */
let lane: Promise<void> = Promise.resolve();
const enqueue = (id: number): void => {
  lane = lane.then(() => send(id));
};

/** Takes files in; those named in `folders` are refused. */
export const takeFiles = (files: readonly File[], folders: ReadonlySet<string> = new Set()): void => {
  const taken = files.map((file): WaitingFile => {
    last += 1;
    const folder = folders.has(file.name);
    return {
      id: last,
      file,
      state: folder ? 'refused' : 'queued',
      sent: 0,
      error: folder ? 'This is a folder: drop the files in it.' : null,
      upload: null,
      guess: null,
      preset: 'generic',
      mapping: null,
      preview: null,
      previewError: null,
    };
  });
  useIntake.setState(({ files: before, open }) => ({
    files: [...before, ...taken],
    open: open ?? taken[0]?.id ?? null,
  }));
  for (const { id, state } of taken) if (state === 'queued') enqueue(id);
};

/** Sends a refused file again, or looks at it again when it has arrived. */
export const retryFile = (id: number): void => {
  change(id, { state: 'queued', error: null });
  enqueue(id);
};

/** Takes files off the list; one that is being sent is cut. */
export const putAway = (ids: ReadonlySet<number>): void => {
  for (const id of ids) aborts.get(id)?.abort();
  for (const id of ids) wanted.delete(id);
  useIntake.setState(({ files, open }) => {
    const left = files.filter((f) => !ids.has(f.id));
    return { files: left, open: left.some((f) => f.id === open) ? open : (left[0]?.id ?? null) };
  });
};

/** Files that were put away, with their mappings; one that had not arrived is sent anew. */
export const putBack = (files: readonly WaitingFile[]): void => {
  const back = files.map((f): WaitingFile => {
    const arrived = f.state === 'ready' || f.state === 'refused';
    return arrived ? f : { ...f, state: 'queued', sent: 0 };
  });
  useIntake.setState(({ files: before, open }) => ({
    files: [...before, ...back],
    open: open ?? back[0]?.id ?? null,
  }));
  for (const { id, state } of back) if (state === 'queued') enqueue(id);
};

export const openFile = (id: number): void => useIntake.setState({ open: id });

const TYPING_MS = 150;

/** Takes another mapping for a file, and renews its preview once nothing has changed for a moment. */
export const setMapping = (id: number, mapping: Mapping, preset = 'generic'): void => {
  change(id, { mapping, preset });
  wanted.set(id, mapping);
  setTimeout(async () => {
    const waiting = fileOf(id);
    if (wanted.get(id) !== mapping || !waiting?.upload) return;
    const answer = await importServer.preview(waiting.upload, waiting.file.name, mapping).then(
      (preview) => ({ preview, previewError: null }),
      (error: unknown) => ({ preview: null, previewError: messageOf(error) }),
    );
    if (wanted.get(id) === mapping) change(id, answer);
  }, TYPING_MS);
};
