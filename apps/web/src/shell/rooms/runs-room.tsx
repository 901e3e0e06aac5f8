import { runsLocally } from '@flywheel/domain/run';
import { lazy, Suspense } from 'react';
import { useParam } from '../../app/params.ts';
import { LocalRunPart } from '../../features/models/run-part.tsx';
import { RunReport } from '../../features/reports/run-report.tsx';
import { RunsPage } from '../../features/runs/runs-page.tsx';

const DiffEditor = lazy(() => import('../../features/critics/diff-editor.tsx'));

const diff = (before: string, after: string) => (
  <Suspense fallback={<p className="t3">Loading the editor…</p>}>
    <DiffEditor before={before} after={after} language="jinja" />
  </Suspense>
);

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function RunsRoom() {
  const [run, setRun] = useParam('run', { replace: true });
  const [shown, setShown] = useParam('shown', { replace: true });
  const [compare, setCompare] = useParam('compare', { replace: true });
  return (
    <RunsPage
      run={/^[1-9]\d*$/.test(run) ? Number(run) : null}
      shown={shown}
      marked={[
        ...new Set(
          compare
            .split(',')
            .filter((id) => /^[1-9]\d{0,8}$/.test(id))
            .map(Number),
        ),
      ]}
      report={(open) =>
        runsLocally(open.kind) ? <LocalRunPart run={open} /> : <RunReport run={open} diff={diff} />
      }
      onRun={(id) => setRun(id === null ? '' : String(id))}
      onShown={setShown}
      onMarked={(marked) => setCompare(marked.join(','))}
    />
  );
}
