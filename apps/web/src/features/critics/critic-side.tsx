import type { CriticSummary } from '@flywheel/domain/critic';
import { Button } from '@flywheel/ui/button.tsx';
import { Archive, ArchiveRestore } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Draft, wholeText } from './drafts.ts';
import { ForkCritic } from './fork-critic.tsx';
import { GoldBox } from './gold-box.tsx';
import { lineDiff } from './line-diff.ts';
import type { Marks } from './marks.ts';
import { useArchive } from './use-archive.ts';
import type { OpenCritic } from './use-critic.ts';
import { VersionList } from './version-list.tsx';

/** The left side: every critic, the versions of the open one, what differs between two, and gold. */
export const CriticSide = (p: {
  open: OpenCritic;
  critics: readonly CriticSummary[];
  /** The list of critics. */
  list: ReactNode;
  /** The draft of this critic, whether or not it is looked at. */
  draft: Draft | null;
  looked: number | null;
  marks: Marks;
  diffOpen: boolean;
  onDiff: (open: boolean) => void;
  onMark: (version: number) => void;
  onVersion: (version: number | null) => void;
  onDiscard: () => void;
  onCritic: (critic: string) => void;
}) => {
  const { detail, version, body } = p.open;
  const { critic } = version;
  const archive = useArchive();
  const archived = p.critics.find((c) => c.id === critic)?.archived ?? false;
  const [a, b] = [p.marks.a, p.marks.b].map((n) => detail.versions.find((v) => v.number === n));
  const change = a && b ? lineDiff(wholeText(a), wholeText(b)) : null;
  const from = p.looked === null && p.draft ? 'draft' : `v${version.number}`;
  return (
    <div className="group critic-side">
      {p.list}
      <header className="ph">
        <h2 className="mono trunc" title={critic}>
          {critic}
        </h2>
        <span className="t3" title="versions">
          {detail.versions.length}
        </span>
        <span className="grow" />
        <ForkCritic
          critic={critic}
          body={body}
          from={from}
          pins={detail.pins}
          taken={p.critics.map((c) => c.id)}
          onMade={p.onCritic}
        />
        <button
          type="button"
          className="ib"
          aria-label={archived ? `Bring ${critic} back` : `Put ${critic} away`}
          title={archived ? 'Bring it back into the list' : 'Put it away; its versions and judgements stay'}
          onClick={() => void archive(critic, !archived)}
        >
          {archived ? (
            <ArchiveRestore className="i i14" aria-hidden="true" />
          ) : (
            <Archive className="i i14" aria-hidden="true" />
          )}
        </button>
      </header>
      <div className="pane" tabIndex={0} role="region" aria-label={`Versions of ${critic}`}>
        <VersionList
          versions={detail.versions}
          draft={p.draft}
          open={p.looked}
          marks={p.marks}
          onOpen={p.onVersion}
          onMark={p.onMark}
          onDiscard={p.onDiscard}
        />
      </div>
      {a && b && change && (
        <div className="marked-pair">
          <b>
            v{a.number} to v{b.number}
          </b>
          <span className="line-diff">
            <span className="good">+{change.added}</span> <span className="bad">−{change.removed}</span>
          </span>
          <span className="grow" />
          <Button ghost small onClick={() => p.onDiff(!p.diffOpen)}>
            {p.diffOpen ? 'Close diff' : 'Open diff'}
          </Button>
        </div>
      )}
      <GoldBox gold={detail.gold} testUses={detail.testUses} />
    </div>
  );
};
