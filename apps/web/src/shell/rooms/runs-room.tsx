import { useParam } from '../../app/params.ts';
import { RunsPage } from '../../features/runs/runs-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function RunsRoom() {
  const [run, setRun] = useParam('run', { replace: true });
  const [shown, setShown] = useParam('shown', { replace: true });
  return (
    <RunsPage
      run={/^[1-9]\d*$/.test(run) ? Number(run) : null}
      shown={shown}
      onRun={(id) => setRun(id === null ? '' : String(id))}
      onShown={setShown}
    />
  );
}
