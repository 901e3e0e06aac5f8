import type { TraceId } from '@flywheel/domain/ids';
import type { TraceDetail } from '@flywheel/domain/trace';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { reviewServer } from './server.ts';

/** Details kept ready ahead of and behind the open trace. */
export const AHEAD = 12;
export const BEHIND = 2;

/** Where a trace detail lies in the query cache. */
export const traceKey = (id: TraceId) => ['review', 'trace', id] as const;
const FRESH_MS = 5 * 60_000;

/** Fetches the neighbours that are missing in one request, into the query cache. */
const prefetch = async (cache: QueryClient, ids: readonly TraceId[]): Promise<void> => {
  const missing = ids.filter((id) => cache.getQueryData(traceKey(id)) === undefined);
  if (missing.length === 0) return;
  const details = await reviewServer.openMany(missing);
  for (const detail of details) cache.setQueryData(traceKey(detail.row.id), detail);
};

/** The open trace's detail, from the cache when its neighbourhood was prefetched, so within one frame. */
export const useTraceWindow = (queue: readonly TraceId[], at: number) => {
  const cache = useQueryClient();
  const id = queue[at] ?? null;
  const open = useQuery<TraceDetail | null>({
    queryKey: id === null ? ['review', 'trace', 'none'] : traceKey(id),
    queryFn: () => (id === null ? null : reviewServer.open(id)),
    enabled: id !== null,
    staleTime: FRESH_MS,
  });
  useEffect(() => {
    const near = queue.slice(Math.max(0, at - BEHIND), at + AHEAD);
    // A server that is away is told by the open trace's own query; the prefetch itself may fail silently.
    prefetch(cache, near).catch(() => undefined);
  }, [cache, queue, at]);
  return open;
};
