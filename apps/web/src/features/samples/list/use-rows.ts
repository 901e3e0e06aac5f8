import type { Sort } from '@flywheel/domain/facet';
import type { TraceRow } from '@flywheel/domain/trace';
import { useQueries } from '@tanstack/react-query';
import { PAGE, samplesQueries } from '../server.ts';

/** The rows [first, end) of a list, by pages of a hundred; only what is asked for is fetched. */
export const useRows = (query: string, sort: Sort, first: number, end: number, hasText: boolean) => {
  const from = Math.floor(first / PAGE);
  const pages = Array.from({ length: Math.max(0, Math.ceil(end / PAGE) - from) }, (_, i) => from + i);
  const fetched = useQueries({ queries: pages.map((page) => samplesQueries.page(query, sort, page)) });
  const marked = useQueries({
    queries: fetched.map((page) => ({
      ...samplesQueries.snippets(query, page.data?.rows.map((r) => r.id) ?? []),
      enabled: hasText && page.data !== undefined,
    })),
  });
  return {
    error: fetched.find((f) => f.error)?.error ?? null,
    retry: () => {
      for (const f of fetched) if (f.isError) void f.refetch();
    },
    at: (i: number): TraceRow | undefined => fetched[Math.floor(i / PAGE) - from]?.data?.rows[i % PAGE],
    snippet: (i: number, row: TraceRow | undefined) =>
      row && marked[Math.floor(i / PAGE) - from]?.data?.[row.id],
  };
};
