import type { CriticBody, CriticVersion } from '@flywheel/domain/critic';
import { Button } from '@flywheel/ui/button.tsx';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reason } from '../../app/reason.ts';
import { type Draft, wholeText } from './drafts.ts';
import { type LineDiff, lineDiff } from './line-diff.ts';
import { criticsServer } from './server.ts';

const score = (f1: number | null | undefined): string => (f1 == null ? '' : `F1 ${(100 * f1).toFixed(1)}`);
/** Versions whose figures are asked for; older ones show theirs when they are opened. */
const FIGURED = 12;

/** Versions, newest first, with the unsaved draft above them; two may be marked A and B to be compared. */
export const VersionList = (p: {
  versions: readonly CriticVersion[];
  draft: Draft | null;
  /** null: the draft, or the newest where there is none. */
  open: number | null;
  marks: { a: number | null; b: number | null };
  onOpen: (version: number | null) => void;
  onMark: (version: number) => void;
  onDiscard: () => void;
}) => {
  const figures = useQueries({
    queries: p.versions.slice(0, FIGURED).map((v) => ({
      queryKey: ['critics', 'dev-figures', v.critic, v.number],
      queryFn: () => criticsServer.devFigures(v.critic, v.number),
      staleTime: 30_000,
    })),
  });
  const changes = useMemo(() => {
    const byNumber = new Map(p.versions.map((v) => [v.number, v]));
    return new Map(
      p.versions.map((v) => {
        const parent = v.parent === null ? undefined : byNumber.get(v.parent);
        return [v.number, parent ? changeOf(parent, v) : null];
      }),
    );
  }, [p.versions]);
  const { draft, versions } = p;
  const drafted = useMemo(() => {
    const parent = versions.find((v) => v.number === draft?.parent);
    return draft && parent ? changeOf(parent, draft.body) : null;
  }, [draft, versions]);
  const [newest] = versions;
  return (
    <ul className="version-list" aria-label="Versions">
      {draft && newest && (
        <li>
          <button
            type="button"
            aria-current={p.open === null}
            title={draft.parent === null ? '' : `made from v${draft.parent}`}
            onClick={() => p.onOpen(null)}
          >
            <b>v{newest.number + 1}</b>
            <span className="cut">
              <i className="unsaved-dot" aria-hidden="true" /> unsaved{draft.title && `: ${draft.title}`}
            </span>
            <span className="t3 mono">draft</span>
            <Lines change={drafted} from={draft.parent} />
          </button>
          <span className="discard">
            <Button ghost small title="Drop the draft; the versions stay" onClick={p.onDiscard}>
              Discard
            </Button>
          </span>
        </li>
      )}
      {versions.map((v, i) => {
        const current = p.open === v.number || (p.open === null && !draft && i === 0);
        const mark = p.marks.a === v.number ? 'A' : p.marks.b === v.number ? 'B' : '';
        const known = figures[i];
        return (
          <li key={v.number}>
            <button
              type="button"
              aria-current={current}
              title={`${v.title}, ${new Date(v.createdAt).toLocaleString()}`}
              onClick={() => p.onOpen(i === 0 && !draft ? null : v.number)}
            >
              <b>v{v.number}</b>
              <span className="cut">{v.title}</span>
              <span className="t3 mono">{v.hash.slice(0, 6)}</span>
              <span className="figures">
                <Lines change={changes.get(v.number) ?? null} from={v.parent} />
                <span
                  className="t3"
                  title={known?.error ? reason(known.error) : 'against the dev split of gold'}
                >
                  {known?.error ? 'F1 ?' : score(known?.data?.f1)}
                </span>
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

const changeOf = (before: CriticBody, after: CriticBody): LineDiff =>
  lineDiff(wholeText(before), wholeText(after));

/** `+5 −0` against the version that it was made from. */
const Lines = ({ change, from }: { change: LineDiff | null; from: number | null }) =>
  change && (
    <span className="line-diff" title={`lines against v${from}`}>
      <span className="good">+{change.added}</span> <span className="bad">−{change.removed}</span>
    </span>
  );
