import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery } from '@tanstack/react-query';
import { Download, Flag, FlagOff, ListPlus, ShieldCheck, Tag } from 'lucide-react';
import { samplesQueries } from '../server.ts';
import { ExportPanel } from './export-panel.tsx';
import { NameForm } from './name-form.tsx';
import { useActs } from './use-acts.ts';

interface BulkBarProps {
  query: string;
  /** Traces that the query selects. */
  count: number;
  onReview: () => void;
}

const tagProblem = (tag: string): string | null =>
  /^[^\s:,"()]{1,60}$/.test(tag) ? null : 'A tag has no spaces, colons, commas, quotes or parentheses.';

/** What can be done with everything that the filter shows, on this page of the list and beyond. */
export const BulkBar = ({ query, count, onReview }: BulkBarProps) => {
  const acts = useActs(query);
  const none = count === 0;
  return (
    <div className="bulk" role="toolbar" aria-label={`Acts on all ${count.toLocaleString('en')} traces`}>
      <Popover
        title="Flag"
        className="btn"
        disabled={none}
        trigger={
          <>
            <Flag className="i i12" aria-hidden="true" /> Flag
          </>
        }
      >
        {(close) => (
          <div className="pop-form" role="group" aria-label={`Flag ${count.toLocaleString('en')} traces`}>
            <p className="fs12 t2">All {count.toLocaleString('en')} traces that the filter shows</p>
            {[true, false].map((on) => (
              <button
                key={String(on)}
                type="button"
                className="btn"
                onClick={() => {
                  close();
                  void acts.flag(on);
                }}
              >
                {on ? (
                  <Flag className="i i12" aria-hidden="true" />
                ) : (
                  <FlagOff className="i i12" aria-hidden="true" />
                )}
                {on ? 'Flag all' : 'Take flags away'}
              </button>
            ))}
          </div>
        )}
      </Popover>
      <Popover
        title="Tag"
        className="btn"
        disabled={none}
        trigger={
          <>
            <Tag className="i i12" aria-hidden="true" /> Tag
          </>
        }
      >
        {(close) => <TagPanel count={count} onTag={(tag, on) => void acts.tag(tag, on).then(close)} />}
      </Popover>
      <Popover
        title="Verify"
        className="btn"
        disabled={none}
        trigger={
          <>
            <ShieldCheck className="i i12" aria-hidden="true" /> Verify
          </>
        }
      >
        {(close) => (
          <VerifyPanel
            count={count}
            onVerify={(id, title) => {
              close();
              void acts.verify(id, title);
            }}
          />
        )}
      </Popover>
      <Popover
        title="Freeze selection"
        className="btn"
        disabled={none}
        trigger={
          <>
            <ListPlus className="i i12" aria-hidden="true" /> Freeze
          </>
        }
      >
        {(close) => <FreezePanel count={count} onName={(name) => void acts.freeze(name).then(close)} />}
      </Popover>
      <Popover
        title="Export"
        className="btn"
        disabled={none}
        trigger={
          <>
            <Download className="i i12" aria-hidden="true" /> Export
          </>
        }
      >
        {() => <ExportPanel query={query} count={count} />}
      </Popover>
      <button type="button" className="btn primary" onClick={onReview} disabled={none}>
        Review
        <span className="kbd">g</span>
        <span className="kbd">r</span>
      </button>
    </div>
  );
};

const TagPanel = ({ count, onTag }: { count: number; onTag: (tag: string, on: boolean) => void }) => {
  const tags = useQuery(samplesQueries.tags());
  const known = tags.data?.map((t) => t.tag) ?? [];
  return (
    <NameForm
      label={`Tag all ${count.toLocaleString('en')} traces`}
      submit="Tag"
      known={known}
      refuse={tagProblem}
      onName={(tag) => onTag(tag, true)}
    >
      {known.length > 0 && (
        <ul className="pop-list" aria-label="Take a tag away">
          {known.map((tag) => (
            <li key={tag}>
              <button type="button" className="btn ghost sm" onClick={() => onTag(tag, false)}>
                take away {tag}
              </button>
            </li>
          ))}
        </ul>
      )}
    </NameForm>
  );
};

const VerifyPanel = (p: { count: number; onVerify: (id: string, title: string) => void }) => {
  const verifiers = useQuery(samplesQueries.verifiers());
  return (
    <div className="pop-form" role="group" aria-label={`Verify ${p.count.toLocaleString('en')} traces`}>
      <p className="fs12 t2">Run over {p.count.toLocaleString('en')} traces, with progress below</p>
      {verifiers.data?.map((v) => (
        <button key={v.id} type="button" className="btn" onClick={() => p.onVerify(v.id, v.title)}>
          {v.title}
          <span className="t3 fs11">{v.scope}</span>
        </button>
      ))}
    </div>
  );
};

const FreezePanel = ({ count, onName }: { count: number; onName: (name: string) => void }) => {
  const selections = useQuery(samplesQueries.selections());
  return (
    <NameForm
      label={`Freeze these ${count.toLocaleString('en')} traces as a selection, or add them to one`}
      submit="Freeze"
      known={selections.data?.map((s) => s.name) ?? []}
      onName={onName}
    />
  );
};
