import type { CriticVersion } from '@flywheel/domain/critic';
import { Button } from '@flywheel/ui/button.tsx';
import { lazy, Suspense } from 'react';
import { wholeText } from './drafts.ts';

const DiffEditor = lazy(() => import('./diff-editor.tsx'));

/** Two versions' texts side by side, in the editor's place. */
export const VersionDiff = ({
  a,
  b,
  onClose,
}: {
  a: CriticVersion;
  b: CriticVersion;
  onClose: () => void;
}) => (
  <>
    <div className="editor-head">
      <b>
        v{a.number} to v{b.number}
      </b>
      <span className="grow" />
      <Button onClick={onClose}>Close the diff</Button>
    </div>
    <Suspense fallback={<p className="t3 critic-state">Loading the editor…</p>}>
      <DiffEditor before={wholeText(a)} after={wholeText(b)} language="jinja" />
    </Suspense>
  </>
);
