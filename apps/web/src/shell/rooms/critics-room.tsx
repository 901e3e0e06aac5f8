import { useSearch, useSetSearch } from '../../app/params.ts';
import { openTab } from '../../app/tabs.ts';
import { CriticsPage } from '../../features/critics/critics-page.tsx';
import { readPrefill } from '../../features/critics/launch-fields.ts';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function CriticsRoom() {
  const search = useSearch();
  const set = useSetSearch();
  const number = Number(search.get('version'));
  const launch = search.get('launch');
  return (
    <CriticsPage
      critic={search.get('critic') ?? readPrefill(launch)?.critic ?? null}
      version={Number.isInteger(number) && number > 0 ? number : null}
      launch={launch}
      compare={search.get('compare')}
      making={search.get('new') === 'critic'}
      onMadeNone={() => set({ new: '' }, { replace: true })}
      onCritic={(critic) => set({ critic, version: '', launch: '', compare: '', new: '' })}
      onVersion={(version) => set({ version: version === null ? '' : String(version) }, { replace: true })}
      onBeside={(critic) => openTab(`/critics?${new URLSearchParams({ critic })}`)}
      onLaunchClosed={() => set({ launch: '' }, { replace: true })}
    />
  );
}
