import { TraceId } from '@flywheel/domain/ids';
import { useCallback } from 'react';
import { useGo, useParam } from '../../app/params.ts';
import { SamplesPage } from '../../features/samples/samples-page.tsx';
import { VIEWS } from '../../features/samples/trace/views.ts';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function SamplesRoom() {
  const [query, setQuery] = useParam('q');
  const [sort, setSort] = useParam('sort', { replace: true });
  const [trace, setTrace] = useParam('trace', { replace: true });
  const [view, setView] = useParam('view', { replace: true });
  const [against, setAgainst] = useParam('against', { replace: true });
  const go = useGo();
  const onTrace = useCallback((id: TraceId | null) => setTrace(id ?? ''), [setTrace]);
  return (
    <SamplesPage
      query={query}
      sort={sort}
      trace={TraceId.safeParse(trace).data ?? null}
      view={VIEWS.find((v) => v === view) ?? 'steps'}
      against={TraceId.safeParse(against).data ?? null}
      onQuery={setQuery}
      onSort={setSort}
      onTrace={onTrace}
      onView={(next) => setView(next === 'steps' ? '' : next)}
      onAgainst={setAgainst}
      onReview={() => go(`/review${query ? `?q=${encodeURIComponent(query)}` : ''}`)}
      onImport={() => go('/import')}
    />
  );
}
