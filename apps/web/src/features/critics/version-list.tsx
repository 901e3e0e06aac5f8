import type { CriticVersion } from '@flywheel/domain/critic';
import { useQueries } from '@tanstack/react-query';
import { criticsServer } from './server.ts';

const score = (f1: number | null | undefined): string => (f1 == null ? '' : `F1 ${(100 * f1).toFixed(1)}`);

/** Versions, newest first, with the unsaved draft above them; two may be marked A and B to be compared. */
export const VersionList = (p: {
  versions: readonly CriticVersion[];
  unsaved: boolean;
  /** null: the draft, or the newest where there is none. */
  open: number | null;
  marks: { a: number | null; b: number | null };
  onOpen: (version: number | null) => void;
  onMark: (version: number) => void;
}) => {
  const figures = useQueries({
    queries: p.versions.slice(0, 12).map((v) => ({
      queryKey: ['critics', 'dev-figures', v.critic, v.number],
      queryFn: () => criticsServer.devFigures(v.critic, v.number),
      staleTime: 30_000,
    })),
  });
  const [newest] = p.versions;
  return (
    <ul className="version-list" aria-label="Versions">
      {p.unsaved && newest && (
        <li>
          <button type="button" aria-current={p.open === null} onClick={() => p.onOpen(null)}>
            <b>v{newest.number + 1}</b>
            <span>unsaved</span>
            <span className="t3 mono">draft</span>
          </button>
        </li>
      )}
      {p.versions.map((v, i) => {
        const current = p.open === v.number || (p.open === null && !p.unsaved && i === 0);
        const mark = p.marks.a === v.number ? 'A' : p.marks.b === v.number ? 'B' : '';
        return (
          <li key={v.number}>
            <button
              type="button"
              aria-current={current}
              title={v.title}
              onClick={() => p.onOpen(i === 0 && !p.unsaved ? null : v.number)}
            >
              <b>v{v.number}</b>
              <span className="cut">{v.title}</span>
              <span className="t3 mono">{v.hash.slice(0, 6)}</span>
              <span className="t3 figure" title="against the dev split of gold">
                {score(figures[i]?.data?.f1)}
              </span>
            </button>
            <button
              type="button"
              className={`version-mark${mark === 'A' ? ' a' : mark === 'B' ? ' b' : ''}`}
              aria-pressed={mark !== ''}
              aria-label={`Compare v${v.number}${mark && `, marked ${mark}`}`}
              title="Mark two versions to see what differs"
              onClick={() => p.onMark(v.number)}
            >
              {mark || '·'}
            </button>
          </li>
        );
      })}
    </ul>
  );
};
