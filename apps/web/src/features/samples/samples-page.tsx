import type { TraceId } from '@flywheel/domain/ids';
import type { FieldName } from '@flywheel/domain/query/ast';
import { clearField, toggleValue } from '@flywheel/domain/query/edit';
import { parseQuery } from '@flywheel/domain/query/parse';
import { printQuery } from '@flywheel/domain/query/print';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from '../../app/trpc.ts';
import { FacetPanel } from './facet-panel.tsx';
import { QueryBar } from './query-bar.tsx';
import './samples.css';
import { TracePane } from './trace-pane.tsx';
import { TraceTable } from './trace-table.tsx';

export interface SamplesPageProps {
  query: string;
  trace: TraceId | null;
  onQuery: (query: string) => void;
  onTrace: (trace: TraceId | null) => void;
  onReview: () => void;
}

/** Facets, the list that the query selects, and the opened trace beside it. */
export const SamplesPage = (p: SamplesPageProps) => {
  const { query } = parseQuery(p.query);
  const facets = useQuery({
    queryKey: ['samples', 'facets', p.query],
    queryFn: () => client.traces.facets.query({ query: p.query }),
    placeholderData: keepPreviousData,
  });
  const edit = (next: typeof query) => p.onQuery(printQuery(next));
  return (
    <div className={p.trace ? 'samples with-trace' : 'samples'}>
      <FacetPanel
        facets={facets.data?.facets ?? []}
        onToggle={(field, value) => edit(toggleValue(query, field as FieldName, { kind: 'is', value }))}
        onClear={(field) => edit(clearField(query, field as FieldName))}
      />
      <section className="group" aria-label="Traces">
        <QueryBar text={p.query} onText={p.onQuery} counted={facets.data} />
        {facets.error ? (
          <p className="samples-note bad" role="alert">
            The traces could not be counted: {facets.error.message}{' '}
            <button type="button" className="btn sm" onClick={() => void facets.refetch()}>
              Retry
            </button>
          </p>
        ) : (
          <TraceTable query={p.query} selected={p.trace} onOpen={p.onTrace} onReview={p.onReview} />
        )}
      </section>
      {p.trace && <TracePane id={p.trace} onClose={() => p.onTrace(null)} onOpen={p.onTrace} />}
    </div>
  );
};
