import { useSearch, useSetSearch } from '../../app/params.ts';
import { CalibrationPage } from '../../features/calibration/calibration-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function CalibrationRoom() {
  const search = useSearch();
  const change = useSetSearch();
  return (
    <CalibrationPage
      choice={{ judge: search.get('judge'), gold: search.get('gold'), query: search.get('q') ?? '' }}
      onChoose={({ judge, gold, query }) =>
        change({ judge: judge ?? '', gold: gold ?? '', q: query }, { replace: true })
      }
    />
  );
}
