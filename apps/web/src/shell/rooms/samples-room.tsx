import { TraceId } from '@flywheel/domain/ids';
import { useCallback } from 'react';
import { useGo, useParam, useSearch, useSetSearch } from '../../app/params.ts';
import { SamplesPage } from '../../features/samples/samples-page.tsx';
import { VIEWS } from '../../features/samples/trace/views.ts';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function SamplesRoom() {
  const [query, setQuery] = useParam('q');
  const [sort, setSort] = useParam('sort', { replace: true });
  const search = useSearch();
  const set = useSetSearch();
  const trace = search.get('trace');
  const step = search.get('step') ?? '';
  const [view, setView] = useParam('view', { replace: true });
  const [against, setAgainst] = useParam('against', { replace: true });
  const go = useGo();
  // The current step belongs to its trace: another trace starts without one.
  const onTrace = useCallback(
    (id: TraceId | null) => set({ trace: id ?? '', step: '' }, { replace: true }),
    [set],
  );
  const onStep = useCallback((at: number) => set({ step: String(at) }, { replace: true }), [set]);
  return (
    <SamplesPage
      query={query}
      sort={sort}
      trace={TraceId.safeParse(trace).data ?? null}
      step={/^\d{1,6}$/.test(step) ? Number(step) : null}
      view={VIEWS.find((v) => v === view) ?? 'steps'}
      against={TraceId.safeParse(against).data ?? null}
      onQuery={setQuery}
      onSort={setSort}
      onTrace={onTrace}
      onStep={onStep}
      onView={(next) => setView(next === 'steps' ? '' : next)}
      onAgainst={setAgainst}
      onReview={() => go(`/review${query ? `?q=${encodeURIComponent(query)}` : ''}`)}
      onImport={() => go('/import')}
    />
  );
}
