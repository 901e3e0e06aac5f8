import { TraceId } from '@flywheel/domain/ids';
import { useCallback } from 'react';
import { useKeyLines } from '../../app/keys.ts';
import { useGo, useParam } from '../../app/params.ts';
import { usePreferences } from '../../app/preferences.ts';
import { KEYS } from '../../features/review/keymap.ts';
import { ReviewPage } from '../../features/review/review-page.tsx';

const LINES = KEYS.map(({ keys, text }) => ({ keys, label: text }));

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function ReviewRoom() {
  const [query] = useParam('q');
  const [trace, setTrace] = useParam('trace', { replace: true });
  const { reviewer, setReviewer } = usePreferences();
  const go = useGo();
  const onPlace = useCallback((id: string) => setTrace(id), [setTrace]);
  useKeyLines('review', LINES);
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
}
