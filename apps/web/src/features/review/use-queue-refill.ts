import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { waitingTraces } from './outbox-client.ts';
import type { ReviewStore } from './review-store.ts';
import { reviewServer } from './server.ts';

/** Traces asked for at once, and how near the end the next ones are asked for. */
export const QUEUE_PAGE = 200;
const REFILL_WITHIN = 40;
/** The server gives no more ids in one answer. */
const MOST = 5_000;

/** Fetches more of the queue before the reviewer reaches its end. */
export const useQueueRefill = (o: { query: string; reviewer: string; store: ReviewStore }) => {
  const { query, reviewer, store } = o;
  const left = useStore(store, (s) => s.sitting.queue.length - s.sitting.at);
  // The server leaves out what is reviewed and may rank the rest anew: what is open here must fit beside what is new.
  const open = useStore(store, ({ sitting }) => sitting.queue.filter((id) => !sitting.done.has(id)).length);
  const [exhausted, setExhausted] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const due = !exhausted && left <= REFILL_WITHIN;

  useEffect(() => {
    if (!due) return;
    let stale = false;
    Promise.all([
      reviewServer.queue(query, reviewer, Math.min(MOST, open + QUEUE_PAGE)),
      waitingTraces(),
    ]).then(
      ([found, waiting]) => {
        if (stale) return;
        const ids = found.filter((id) => !waiting.has(id));
        setError(null);
        const before = store.getState().sitting.queue.length;
        store.getState().more(ids);
        if (store.getState().sitting.queue.length === before) setExhausted(true);
      },
      (problem: unknown) => {
        if (!stale) setError(problem instanceof Error ? problem : new Error(String(problem)));
      },
    );
    return () => {
      stale = true;
    };
  }, [due, query, reviewer, open, store]);

  return { loading: due && error === null, error };
};
