import { Popover } from '@flywheel/ui/popover.tsx';
import { Box, Download, Flag, ListPlus, type LucideIcon, Pin, ShieldCheck, Tag } from 'lucide-react';
import type { ReactNode } from 'react';
import { localLink } from '../../../app/links.ts';
import { ExportPanel } from './export-panel.tsx';
import { FlagPanel, FreezePanel, TagPanel, VerifyPanel } from './panels.tsx';
import { PinPanel } from './pin-panel.tsx';
import { useActs } from './use-acts.ts';

interface BulkBarProps {
  query: string;
  /** Traces that the query selects. */
  count: number;
  onReview: () => void;
}

/** What can be done with everything that the filter shows, on this page of the list and beyond. */
export const BulkBar = ({ query, count, onReview }: BulkBarProps) => {
  const acts = useActs(query);
  const shared = { disabled: count === 0 };
  return (
    <div className="bulk" role="toolbar" aria-label={`Acts on all ${count.toLocaleString('en')} traces`}>
      <ActButton Icon={Flag} text="Flag" {...shared}>
        {(close) => (
          <FlagPanel
            count={count}
            onFlag={(on) => {
              close();
              void acts.flag(on);
            }}
          />
        )}
      </ActButton>
      <ActButton Icon={Tag} text="Tag" {...shared}>
        {(close) => <TagPanel count={count} onTag={(tag, on) => void acts.tag(tag, on).then(close)} />}
      </ActButton>
      <ActButton Icon={ShieldCheck} text="Verify" {...shared}>
        {(close) => (
          <VerifyPanel
            count={count}
            onVerify={(id, title) => {
              close();
              void acts.verify(id, title);
            }}
          />
        )}
      </ActButton>
      <ActButton Icon={ListPlus} text="Freeze" {...shared}>
        {(close) => <FreezePanel count={count} onName={(name) => void acts.freeze(name).then(close)} />}
      </ActButton>
      <ActButton Icon={Pin} text="Pin to critic…" {...shared}>
        {(close) => (
          <PinPanel count={count} onPin={(critic, limit) => void acts.pin(critic, limit).then(close)} />
        )}
      </ActButton>
      <a
        className="btn"
        href={localLink({ kind: 'score', query })}
        title="Score, sample or label all of these with a local model"
      >
        <Box className="i i12" aria-hidden="true" /> Model…
      </a>
      <ActButton Icon={Download} text="Export" {...shared}>
        {() => <ExportPanel query={query} count={count} />}
      </ActButton>
      <button type="button" className="btn primary" onClick={onReview} disabled={count === 0}>
        Review
        <span className="kbd">g</span>
        <span className="kbd">r</span>
      </button>
    </div>
  );
};

const ActButton = (p: {
  Icon: LucideIcon;
  text: string;
  disabled: boolean;
  children: (close: () => void) => ReactNode;
}) => (
  <Popover
    title={p.text}
    className="btn"
    disabled={p.disabled}
    trigger={
      <>
        <p.Icon className="i i12" aria-hidden="true" /> {p.text}
      </>
    }
  >
    {p.children}
  </Popover>
);
