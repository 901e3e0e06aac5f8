import { CriticId, type CriticSummary } from '@flywheel/domain/critic';
import { PanelsTopLeft } from 'lucide-react';
import { useDrafts } from './drafts.ts';
import { NewCritic } from './new-critic.tsx';
import { useArchive } from './use-archive.ts';

/** Every critic, how to make one, and those that were put away. */
export const CriticList = (p: {
  critics: readonly CriticSummary[];
  open: string | null;
  onOpen: (critic: string) => void;
  /** Opens it in a tab of its own. */
  onBeside: (critic: string) => void;
}) => {
  const drafts = useDrafts((s) => s.drafts);
  const archive = useArchive();
  const shown = p.critics.filter((c) => !c.archived || c.id === p.open);
  const away = p.critics.filter((c) => c.archived && c.id !== p.open);
  return (
    <>
      <header className="ph">
        <h2>Critics</h2>
        <span className="t3">{shown.length}</span>
        <span className="grow" />
        <NewCritic taken={p.critics.map((c) => c.id)} onMade={p.onOpen} />
      </header>
      <ul className="critic-list" aria-label="Critics">
        {shown.map((c) => (
          <li key={c.id}>
            <button
              type="button"
              aria-current={c.id === p.open}
              title={`${c.id}: ${c.title}`}
              onClick={(event) => (event.ctrlKey || event.metaKey ? p.onBeside(c.id) : p.onOpen(c.id))}
            >
              <span className="mono trunc">{c.id}</span>
              {drafts[c.id] && (
                <i className="unsaved-dot" title="not saved as a version">
                  <span className="sr">unsaved</span>
                </i>
              )}
              <span className="t3">{c.archived ? 'put away' : `v${c.versions}`}</span>
            </button>
            <button
              type="button"
              className="ib beside"
              aria-label={`Open ${c.id} in a tab of its own`}
              title="Open in a tab of its own (mod+click)"
              onClick={() => p.onBeside(c.id)}
            >
              <PanelsTopLeft className="i i12" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      {away.length > 0 && (
        <details className="critics-away">
          <summary>{away.length} put away</summary>
          <ul className="critic-list" aria-label="Critics that were put away">
            {away.map((c) => (
              <li key={c.id}>
                <button type="button" title={c.title} onClick={() => p.onOpen(c.id)}>
                  <span className="mono trunc">{c.id}</span>
                </button>
                <button
                  type="button"
                  className="btn ghost sm"
                  aria-label={`Bring ${c.id} back`}
                  onClick={() => void archive(CriticId.parse(c.id), false)}
                >
                  Bring back
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};
