import { Kbd } from '@flywheel/ui/kbd.tsx';
import { CircleHelp, Search } from 'lucide-react';
import { setOverlay } from './frame-keys.ts';
import { useWorkspace, workspaceName } from './workspace.ts';

/** Workspace, palette, keys. */
export const TopBar = () => {
  const { data } = useWorkspace();
  return (
    <header className="top">
      <div className="ws">
        <Mark />
        <h1 className="name trunc" title={data?.home}>
          {data ? workspaceName(data.home) : 'Flywheel'}
        </h1>
      </div>
      <button type="button" className="palette" aria-haspopup="dialog" onClick={() => setOverlay('palette')}>
        <Search className="i i14" aria-hidden="true" />
        <span className="grow">Search or run a command</span>
        <Kbd keys="mod+k" />
      </button>
      <div className="end">
        <button
          type="button"
          className="ib"
          aria-label="Keys"
          title="Keys (?)"
          aria-haspopup="dialog"
          onClick={() => setOverlay('keys')}
        >
          <CircleHelp className="i" aria-hidden="true" />
        </button>
      </div>
    </header>
  );
};

const Mark = () => (
  <svg className="mark i" viewBox="0 0 20 20" aria-hidden="true">
    <path d="M17 10a7 7 0 1 1-2-5l2 2M17 3v4h-4" />
    <circle cx="10" cy="10" r="2" />
  </svg>
);
