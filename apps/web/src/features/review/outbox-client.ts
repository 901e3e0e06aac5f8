import type { Review } from '@flywheel/domain/review';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Outbox, type OutboxState } from './outbox.ts';
import { openOutboxStorage } from './outbox-storage.ts';
import { reviewServer } from './server.ts';

/** What the outbox says of itself, for the status line of every review tab. */
export const outboxState: StoreApi<OutboxState> = createStore<OutboxState>(() => ({
  waiting: 0,
  refused: [],
  sending: false,
  retryAt: null,
}));

let opened: Promise<Outbox> | null = null;

/** The page's one outbox; two browser tabs take turns, so that order holds across them. */
export const outbox = (): Promise<Outbox> => {
  opened ??= openOutboxStorage().then((storage) => {
    const box = new Outbox({
      storage,
      send: reviewServer.send,
      onChange: (state) => outboxState.setState(state, true),
      exclusively: (work) => (navigator.locks ? navigator.locks.request('flywheel-outbox', work) : work()),
    });
    window.addEventListener('online', () => void box.wake());
    void box.wake();
    return box;
  });
  // A failed open (private mode, full disk) may be mended by the time of the next try.
  opened.catch(() => {
    opened = null;
  });
  return opened;
};

/** Stores a review for sending; rejects when this browser could not store it. */
export const putReview = async (review: Review): Promise<void> => (await outbox()).put(review);

/** Traces whose newest waiting review is a verdict: reviewed already, though the server does not know yet. */
export const waitingTraces = async (): Promise<Set<string>> => {
  const waiting = new Set<string>();
  for (const { review, refused } of await (await openOutboxStorage()).all()) {
    if (refused !== null) continue;
    if (review.action === 'undo') waiting.delete(review.trace);
    else waiting.add(review.trace);
  }
  return waiting;
};
