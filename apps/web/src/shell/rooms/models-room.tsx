import { useSearch, useSetSearch } from '../../app/params.ts';
import { go } from '../../app/tabs.ts';
import { readPrefill } from '../../features/models/launch-fields.ts';
import { ModelsPage } from '../../features/models/models-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function ModelsRoom() {
  const search = useSearch();
  const set = useSetSearch();
  return (
    <ModelsPage
      open={search.get('model')}
      launch={readPrefill(search.get('launch'))}
      onOpen={(model) => set({ model: model ?? '' }, { replace: true })}
      onLaunch={(prefill) =>
        set({ launch: prefill === null ? '' : JSON.stringify(prefill) }, { replace: true })
      }
      onLaunched={(run) => {
        set({ launch: '' }, { replace: true });
        go(`/runs?run=${run}`);
      }}
    />
  );
}
