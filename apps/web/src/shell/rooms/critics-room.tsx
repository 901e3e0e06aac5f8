import { useSearch, useSetSearch } from '../../app/params.ts';
import { CriticsPage } from '../../features/critics/critics-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function CriticsRoom() {
  const search = useSearch();
  const set = useSetSearch();
  const number = Number(search.get('version'));
  return (
    <CriticsPage
      critic={search.get('critic')}
      version={Number.isInteger(number) && number > 0 ? number : null}
      onCritic={(critic) => set({ critic, version: '' })}
      onVersion={(version) => set({ version: version === null ? '' : String(version) }, { replace: true })}
    />
  );
}
