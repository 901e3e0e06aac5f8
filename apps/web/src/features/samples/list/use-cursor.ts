import type { Sort } from '@flywheel/domain/facet';
import type { TraceId } from '@flywheel/domain/ids';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { client } from '../../../app/trpc.ts';
import { PAGE, samplesQueries } from '../server.ts';

interface CursorInput {
  query: string;
  sort: Sort;
  /** The opened trace. */
  trace: TraceId | null;
  onTrace: (id: TraceId) => void;
  total: number | undefined;
}

const placeOf = (query: string, sort: Sort, id: TraceId) =>
  queryOptions({
    queryKey: ['samples', 'place', query, sort, id],
    queryFn: () => client.traces.locate.query({ query, sort, id }),
  });

/** The current row of the list: the opened trace's where one is open, so that `n` and `p` go on from it. */
export const useCursor = ({ query, sort, trace, onTrace, total = 0 }: CursorInput) => {
  const queries = useQueryClient();
  const [spot, setSpot] = useState<number | null>(null);
  const place = useQuery({
    ...placeOf(query, sort, trace ?? ('' as TraceId)),
    enabled: trace !== null,
  });
  const index = trace === null ? spot : (place.data ?? null);

  /** Opens the trace of a row. */
  const open = useCallback(
    async (at: number) => {
      const page = await queries.ensureQueryData(samplesQueries.page(query, sort, Math.floor(at / PAGE)));
      const row = page.rows[at % PAGE];
      if (!row) return;
      queries.setQueryData(placeOf(query, sort, row.id).queryKey, at);
      setSpot(at);
      onTrace(row.id);
    },
    [queries, query, sort, onTrace],
  );

  /** Goes to a row: opens it where a trace is open, else only marks it. */
  const go = useCallback(
    (at: number) => {
      if (total === 0) return;
      const next = Math.max(0, Math.min(total - 1, at));
      if (trace === null) setSpot(next);
      else void open(next);
    },
    [open, total, trace],
  );

  return { index, open, go, move: (by: number) => go(index === null ? 0 : index + by) };
};

export type Cursor = ReturnType<typeof useCursor>;
