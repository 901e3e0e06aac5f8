import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { waitingTraces } from './outbox-client.ts';
import type { ReviewStore } from './review-store.ts';
import { reviewServer } from './server.ts';

/** Traces asked for at once, and how near the end the next ones are asked for. */
export const QUEUE_PAGE = 200;
const REFILL_WITHIN = 40;

/** Fetches more of the queue before the reviewer reaches its end. */
export const useQueueRefill = (o: { query: string; reviewer: string; store: ReviewStore }) => {
  const { query, reviewer, store } = o;
  const left = useStore(store, (s) => s.sitting.queue.length - s.sitting.at);
  // A reviewed trace has lost its rank on the server, so the place to go on from must be one still open.
  const last = useStore(
    store,
    ({ sitting }) => sitting.queue.findLast((id) => !sitting.done.has(id)) ?? null,
  );
  const [exhausted, setExhausted] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const due = !exhausted && left <= REFILL_WITHIN;

  useEffect(() => {
    if (!due) return;
    let stale = false;
    Promise.all([reviewServer.queue(query, reviewer, last, QUEUE_PAGE), waitingTraces()]).then(
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
  }, [due, query, reviewer, last, store]);

  return { loading: due && error === null, error };
};
