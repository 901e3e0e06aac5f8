import { TraceId } from '@flywheel/domain/ids';
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { useParam } from '../app/params.ts';
import { usePreferences } from '../app/preferences.ts';
import { CalibrationPage } from '../features/calibration/calibration-page.tsx';
import { ReviewPage } from '../features/review/review-page.tsx';
import { SamplesPage } from '../features/samples/samples-page.tsx';
import { SqlPage } from '../features/sql/sql-page.tsx';

/** Each route binds a feature's page to the URL; the pages know nothing of it. */
export const SamplesRoute = () => {
  const [query, setQuery] = useParam('q');
  const [trace, setTrace] = useParam('trace', { replace: true });
  const [, go] = useLocation();
  return (
    <SamplesPage
      query={query}
      trace={TraceId.safeParse(trace).data ?? null}
      onQuery={setQuery}
      onTrace={(id) => setTrace(id ?? '')}
      onReview={() => go(`/review${query ? `?q=${encodeURIComponent(query)}` : ''}`)}
    />
  );
};

export const ReviewRoute = () => {
  const [query] = useParam('q');
  const [trace, setTrace] = useParam('trace', { replace: true });
  const { reviewer, setReviewer } = usePreferences();
  const [, go] = useLocation();
  const onPlace = useCallback((id: string) => setTrace(id), [setTrace]);
  return (
    <ReviewPage
      query={query}
      trace={TraceId.safeParse(trace).data ?? null}
      reviewer={reviewer}
      onReviewer={setReviewer}
      onPlace={onPlace}
      onLeave={() => go(`/samples${query ? `?q=${encodeURIComponent(query)}` : ''}`)}
    />
  );
};

export const CalibrationRoute = () => {
  const [judge, setJudge] = useParam('judge', { replace: true });
  const [gold, setGold] = useParam('gold', { replace: true });
  const [query, setQuery] = useParam('q', { replace: true });
  return (
    <CalibrationPage
      choice={{ judge: judge || null, gold: gold || null, query }}
      onChoose={(choice) => {
        setJudge(choice.judge ?? '');
        setGold(choice.gold ?? '');
        setQuery(choice.query);
      }}
    />
  );
};

export const SqlRoute = () => {
  const [text, setText] = useParam('sql', { replace: true });
  return <SqlPage text={text} onRan={setText} />;
};
