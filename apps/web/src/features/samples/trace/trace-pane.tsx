import type { TraceId } from '@flywheel/domain/ids';
import type { TraceDetail } from '@flywheel/domain/trace';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useLandmark } from '../../../app/tab.ts';
import { samplesQueries } from '../server.ts';
import { Compare } from './compare.tsx';
import { JudgementList } from './judgement-list.tsx';
import { LocalBar } from './local-bar.tsx';
import { Raw } from './raw.tsx';
import { Relatives } from './relatives.tsx';
import { Steps } from './steps.tsx';
import { TraceHead } from './trace-head.tsx';
import { useScore } from './use-score.ts';
import { VIEWS, type View } from './views.ts';

const TITLES: Record<View, string> = { steps: 'Trace', compare: 'Compare', raw: 'Raw' };

interface TracePaneProps {
  id: TraceId;
  view: View;
  onView: (view: View) => void;
  against: TraceId | null;
  onAgainst: (id: TraceId) => void;
  rendered: boolean;
  onRendered: (rendered: boolean) => void;
  step: number | null;
  onStep: (step: number) => void;
  onOpen: (id: TraceId) => void;
  onClose: () => void;
}

/** An opened trace beside its list. */
export const TracePane = (p: TracePaneProps) => {
  const opened = useQuery(samplesQueries.open(p.id));
  const trace = opened.data;
  return (
    <aside
      className="group trace-pane"
      aria-label={useLandmark(trace ? `Trace ${trace.row.label}` : 'Trace')}
    >
      <header className="ph">
        <h2
          className="trunc"
          title={trace ? `${trace.row.label} · ${trace.row.model} · ${trace.row.id}` : undefined}
        >
          {trace ? `${trace.row.label} · ${trace.row.model}` : 'Trace'}
        </h2>
        <span className="grow" />
        <div className="views" role="group" aria-label="View">
          {VIEWS.map((v) => (
            <button key={v} type="button" aria-pressed={v === p.view} onClick={() => p.onView(v)}>
              {TITLES[v]}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="btn ghost sm"
          aria-pressed={p.rendered}
          title="Verbatim shows every character; rendered shows Markdown and math (m)"
          onClick={() => p.onRendered(!p.rendered)}
        >
          {p.rendered ? 'Rendered' : 'Verbatim'}
        </button>
        <button
          type="button"
          className="ib"
          aria-label="Close the trace"
          title="Close (Esc)"
          onClick={p.onClose}
        >
          <X className="i i14" aria-hidden="true" />
        </button>
      </header>
      {opened.error ? (
        <p className="samples-note bad" role="alert">
          The trace could not be opened: {opened.error.message}{' '}
          <button type="button" className="btn sm" onClick={() => void opened.refetch()}>
            Retry
          </button>
        </p>
      ) : trace === undefined ? (
        <div className="trace-block" aria-busy="true">
          {Array.from({ length: 6 }, (_, i) => (
            <span key={i} className="waiting-bar" />
          ))}
        </div>
      ) : trace === null ? (
        <p className="samples-note t2">There is no such trace here; its import may have been undone.</p>
      ) : (
        <Opened {...p} trace={trace} />
      )}
    </aside>
  );
};

const Opened = ({ trace, ...p }: TracePaneProps & { trace: TraceDetail }) => {
  const landmark = useLandmark('Opened trace');
  const score = useScore(trace.row);
  if (p.view === 'raw')
    return (
      <div className="pane">
        <Raw trace={trace} />
      </div>
    );
  return (
    <>
      <div className="pane" tabIndex={0} role="region" aria-label={landmark}>
        <TraceHead trace={trace} rendered={p.rendered} />
        {p.view === 'compare' ? (
          <Compare trace={trace} against={p.against} onAgainst={p.onAgainst} />
        ) : (
          <>
            <JudgementList
              judgements={trace.judgements}
              conflict={trace.row.conflict}
              steps={trace.steps.length}
              onStep={p.onStep}
            />
            <Steps trace={trace} rendered={p.rendered} score={score} current={p.step} onCurrent={p.onStep} />
            <Relatives id={trace.row.id} onOpen={p.onOpen} />
            {trace.siblings.length > 0 && <SameProblem trace={trace} onOpen={p.onOpen} />}
            {Object.keys(trace.extra).length > 0 && (
              <section className="trace-block">
                <h3>Imported fields</h3>
                <pre className="verbatim mono">{JSON.stringify(trace.extra, null, 2)}</pre>
              </section>
            )}
          </>
        )}
      </div>
      <LocalBar trace={trace} step={p.step} />
    </>
  );
};

const SameProblem = ({ trace, onOpen }: { trace: TraceDetail; onOpen: (id: TraceId) => void }) => (
  <section className="trace-block">
    <h3>Same problem</h3>
    <ul>
      {trace.siblings.map((s) => (
        <li key={s.id}>
          <button type="button" className="btn ghost sm sibling" onClick={() => onOpen(s.id)}>
            <span className="mono trunc">{s.model}</span>
            <span className={s.outcome === 'wrong' ? 'bad' : s.outcome === 'right' ? 'good' : 't3'}>
              {s.outcome}
            </span>
            <span className="mono num trunc">{s.answer}</span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);
