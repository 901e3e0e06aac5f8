import type { TraceId } from '@flywheel/domain/ids';
import { withClauses } from '@flywheel/domain/query/edit';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { useLandmark } from '../../app/tab.ts';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { FacetPanel } from './facets/facet-panel.tsx';
import { parseSort, printSort } from './list/columns.ts';
import { GoToRow } from './list/go-to-row.tsx';
import { TraceList } from './list/trace-list.tsx';
import { useCursor } from './list/use-cursor.ts';
import { QueryBar } from './query/query-bar.tsx';
import { SliceMenu } from './query/slice-menu.tsx';
import './samples.css';
import { samplesQueries } from './server.ts';
import { TracePane } from './trace/trace-pane.tsx';
import type { View } from './trace/views.ts';
import { useFilterHistory } from './use-filter-history.ts';
import { useSamplesKeys } from './use-samples-keys.ts';

export interface SamplesPageProps {
  query: string;
  /** As it stands in the URL, e.g. `-steps`. */
  sort: string;
  trace: TraceId | null;
  /** The opened trace's step that the keys are on, and that a link points at. */
  step: number | null;
  view: View;
  /** The trace that the opened one is compared with. */
  against: TraceId | null;
  onQuery: (query: string) => void;
  onSort: (sort: string) => void;
  onTrace: (trace: TraceId | null) => void;
  onStep: (step: number) => void;
  onView: (view: View) => void;
  onAgainst: (trace: TraceId) => void;
  onReview: () => void;
  onImport: () => void;
}

/** Facets, the list that the query selects, and the opened trace beside it. */
export const SamplesPage = (p: SamplesPageProps) => {
  const { query } = parseQuery(p.query);
  const sort = parseSort(p.sort);
  const facets = useQuery(samplesQueries.facets(p.query));
  const top = useQuery({ ...samplesQueries.page(p.query, sort, 0), placeholderData: keepPreviousData });
  const total = top.data?.total;
  const cursor = useCursor({ query: p.query, sort, trace: p.trace, onTrace: p.onTrace, total });
  const history = useFilterHistory(p.query, p.onQuery);
  const input = useRef<HTMLInputElement>(null);
  const [rendered, setRendered] = useState(false);

  const onTrace = p.onTrace;
  const close = useCallback(() => onTrace(null), [onTrace]);
  useSamplesKeys({
    cursor,
    trace: p.trace,
    close,
    history,
    input,
    step: p.step,
    setStep: p.onStep,
    setRendered,
    view: p.view,
    onView: p.onView,
  });

  return (
    <div className="samples" data-trace={p.trace !== null || undefined} data-view={p.view}>
      <FacetPanel
        facets={facets.error ? [] : facets.data?.facets}
        query={query}
        onQuery={(next) => p.onQuery(withClauses(p.query, next))}
      />
      <section className="group list-group" aria-label={useLandmark('Traces')}>
        <QueryBar
          text={p.query}
          onText={p.onQuery}
          counted={facets.data}
          undo={history.undo}
          redo={history.redo}
          input={input}
        >
          <SliceMenu query={p.query} onQuery={p.onQuery} />
        </QueryBar>
        {facets.error && !top.error && (
          <ErrorState
            cause={`The traces could not be counted: ${facets.error.message}`}
            onRetry={() => void facets.refetch()}
          />
        )}
        {top.error ? (
          <div className="pane">
            <ErrorState
              cause={`The list could not be read: ${top.error.message}`}
              remedy="If the server is away, everything is read again once it is back."
              onRetry={() => {
                void top.refetch();
                void facets.refetch();
              }}
            />
          </div>
        ) : total === 0 ? (
          <Empty filtered={p.query !== ''} onClear={() => p.onQuery('')} onImport={p.onImport} />
        ) : (
          <TraceList
            query={p.query}
            hasText={query.text !== null}
            sort={sort}
            onSort={(next) => p.onSort(printSort(next))}
            total={total ?? 0}
            trace={p.trace}
            cursor={cursor}
          />
        )}
        <footer className="samples-foot">
          <GoToRow index={cursor.index} total={total ?? 0} onGo={cursor.go} />
          {p.trace && (
            <span className="row fs12 t3 trace-keys" aria-hidden="true">
              <span className="kbd">n</span>
              <span className="kbd">p</span> trace
              <span className="kbd">j</span>
              <span className="kbd">k</span> step
            </span>
          )}
          <span className="grow" />
          <BulkBar query={p.query} count={total ?? 0} onReview={p.onReview} />
        </footer>
      </section>
      {p.trace && (
        <TracePane
          id={p.trace}
          view={p.view}
          onView={p.onView}
          against={p.against}
          onAgainst={p.onAgainst}
          rendered={rendered}
          onRendered={setRendered}
          step={p.step}
          onStep={p.onStep}
          onOpen={p.onTrace}
          onClose={close}
        />
      )}
    </div>
  );
};

const Empty = (p: { filtered: boolean; onClear: () => void; onImport: () => void }) => (
  <div className="pane">
    {p.filtered ? (
      <EmptyState text="No trace fits this query.">
        <Button onClick={p.onClear}>Clear the query</Button>
      </EmptyState>
    ) : (
      <EmptyState text="There are no traces yet. Import a file of model outputs to begin.">
        <Button onClick={p.onImport}>Import traces</Button>
      </EmptyState>
    )}
  </div>
);
