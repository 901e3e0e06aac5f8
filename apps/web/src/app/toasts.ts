import { create } from 'zustand';

export interface ToastMessage {
  /** What was done, as a sentence without a full stop: "41 traces flagged". */
  text: string;
  tone?: 'plain' | 'good' | 'bad';
  /** Takes the act back. While the toast shows, `u` calls it. */
  undo?: () => void | Promise<void>;
  /** Where more of it is to be seen. */
  link?: { label: string; href: string };
}

export interface ShownToast extends ToastMessage {
  id: number;
}

interface Toasts {
  shown: ShownToast | null;
}

/** The one toast on screen; a newer one takes its place. The shell shows it. */
export const useToasts = create<Toasts>()(() => ({ shown: null }));

let last = 0;

/**
 * Says what was done, with its undo.
 *
 *     toast({ text: '41 traces flagged', undo: () => client.tags.undo.mutate({ act }) });
 */
export const toast = (message: ToastMessage): void => {
  last += 1;
  useToasts.setState({ shown: { ...message, id: last } });
};

const WAITING = 3;
const waiting: ToastMessage[] = [];

/** Says what happened by itself, as the end of a run. It waits for a toast that can still be undone; the newest few are kept. */
export const notify = (message: ToastMessage): void => {
  if (!useToasts.getState().shown?.undo) return toast(message);
  waiting.push(message);
  waiting.splice(0, waiting.length - WAITING);
};

const takeAway = (id: number): void =>
  useToasts.setState((now) => (now.shown?.id === id ? { shown: null } : now));

/** Takes a toast away, unless a newer one has replaced it; one that waited takes its place. */
export const dismissToast = (id: number): void => {
  takeAway(id);
  const next = useToasts.getState().shown === null ? waiting.shift() : undefined;
  if (next) toast(next);
};

/** Runs a toast's undo and says how that went. */
export const undoToast = async (shown: ShownToast): Promise<void> => {
  takeAway(shown.id);
  try {
    await shown.undo?.();
    toast({ text: `Undone: ${shown.text}` });
  } catch (error) {
    toast({ text: `Not undone: ${error instanceof Error ? error.message : String(error)}`, tone: 'bad' });
  }
};
