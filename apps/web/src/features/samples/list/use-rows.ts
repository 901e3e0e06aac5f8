import type { Sort } from '@flywheel/domain/facet';
import type { TraceRow } from '@flywheel/domain/trace';
import { useQueries } from '@tanstack/react-query';
import { PAGE, samplesQueries } from '../server.ts';

/** Which rows of which list. */
interface RowsInput {
  query: string;
  sort: Sort;
  /** Rows [first, end). */
  first: number;
  end: number;
  /** Show what is at hand, fetch nothing. */
  hold: boolean;
  /** The query has words to mark. */
  hasText: boolean;
}

/** The rows of a list, by pages of a hundred; only what is asked for is fetched. */
export const useRows = ({ query, sort, first, end, hold, hasText }: RowsInput) => {
  const from = Math.floor(first / PAGE);
  const pages = Array.from({ length: Math.max(0, Math.ceil(end / PAGE) - from) }, (_, i) => from + i);
  const fetched = useQueries({
    queries: pages.map((page) => ({ ...samplesQueries.page(query, sort, page), enabled: !hold })),
  });
  const marked = useQueries({
    queries: fetched.map((page) => ({
      ...samplesQueries.snippets(query, page.data?.rows.map((r) => r.id) ?? []),
      enabled: hasText && !hold && page.data !== undefined,
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
