import type { Sort } from '@flywheel/domain/facet';
import type { TraceId } from '@flywheel/domain/ids';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/trpc.ts';

/** Rows that one request brings. */
export const PAGE = 100;

/** What Samples reads, as TanStack queries; all keys begin with `samples`, so that one call refreshes the feature. */
export const samplesQueries = {
  facets: (query: string) =>
    queryOptions({
      queryKey: ['samples', 'facets', query],
      queryFn: ({ signal }) => client.traces.facets.query({ query }, { signal }),
      placeholderData: keepPreviousData,
    }),

  facetValues: (query: string, field: string, contains: string) =>
    queryOptions({
      queryKey: ['samples', 'values', query, field, contains],
      queryFn: ({ signal }) => client.traces.facetValues.query({ query, field, contains }, { signal }),
      placeholderData: keepPreviousData,
    }),

  importedFields: () =>
    queryOptions({
      queryKey: ['samples', 'imported-fields'],
      queryFn: () => client.traces.importedFields.query(),
      staleTime: 60_000,
    }),

  page: (query: string, sort: Sort, page: number) =>
    queryOptions({
      queryKey: ['samples', 'page', query, sort, page],
      queryFn: ({ signal }) =>
        client.traces.page.query({ query, sort, offset: page * PAGE, limit: PAGE }, { signal }),
    }),

  /** Where a query's words stand in these traces. */
  snippets: (query: string, ids: readonly TraceId[]) =>
    queryOptions({
      queryKey: ['samples', 'snippets', query, ids],
      queryFn: ({ signal }) => client.traces.snippets.query({ query, ids: [...ids] }, { signal }),
      staleTime: 60_000,
    }),

  open: (id: TraceId) =>
    queryOptions({
      queryKey: ['samples', 'open', id],
      queryFn: ({ signal }) => client.traces.open.query({ id }, { signal }),
      placeholderData: keepPreviousData,
    }),

  /** How surprised local models were by a trace's steps. */
  scores: (trace: TraceId) =>
    queryOptions({
      queryKey: ['samples', 'scores', trace],
      queryFn: ({ signal }) => client.local.scores.query({ trace }, { signal }),
    }),

  /** Traces that it descends from, and those that descend from it. */
  relatives: (trace: TraceId) =>
    queryOptions({
      queryKey: ['samples', 'relatives', trace],
      queryFn: ({ signal }) => client.local.relatives.query({ trace }, { signal }),
    }),

  slices: () => queryOptions({ queryKey: ['samples', 'slices'], queryFn: () => client.slices.list.query() }),

  selections: () =>
    queryOptions({ queryKey: ['samples', 'selections'], queryFn: () => client.selections.list.query() }),

  tags: () => queryOptions({ queryKey: ['samples', 'tags'], queryFn: () => client.tags.list.query() }),

  verifiers: () =>
    queryOptions({
      queryKey: ['samples', 'verifiers'],
      queryFn: () => client.judges.verifiers.query(),
      staleTime: Number.POSITIVE_INFINITY,
    }),

  formats: () =>
    queryOptions({
      queryKey: ['samples', 'formats'],
      queryFn: () => client.exports.formats.query(),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};
