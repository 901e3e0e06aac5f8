import { categoryLabel } from '@flywheel/domain/category';
import type { TraceId } from '@flywheel/domain/ids';
import type { Evidence, Judgement } from '@flywheel/domain/judgement';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Fragment } from 'react';
import { client } from '../../app/trpc.ts';

/** An opened trace: problem, what judges say, every step verbatim, and the same problem by other models. */
export const TracePane = (p: { id: TraceId; onClose: () => void; onOpen: (id: TraceId) => void }) => {
  const opened = useQuery({
    queryKey: ['traces', 'open', p.id],
    queryFn: () => client.traces.open.query({ id: p.id }),
  });
  const trace = opened.data;
  if (opened.error)
    return (
      <aside className="group samples-note bad">The trace could not be opened: {opened.error.message}</aside>
    );
  if (!trace)
    return (
      <aside className="group samples-note t2">{opened.isPending ? '' : 'There is no such trace.'}</aside>
    );
  const { row } = trace;
  return (
    <aside className="group trace-pane" aria-label={`Trace ${row.label}`}>
      <header className="ph">
        <h2>
          {row.label} · {row.model}
        </h2>
        <span className="grow" />
        <button type="button" className="ib" aria-label="Close the trace" onClick={p.onClose}>
          <X className="i i14" />
        </button>
      </header>
      <div className="pane">
        <div className="trace-block">
          <p>
            <span className={row.outcome === 'wrong' ? 'tag bad' : 'tag'}>{row.outcome}</span> answer{' '}
            <b>{row.answer ?? 'none'}</b>, reference <b>{row.reference ?? 'none'}</b>
          </p>
          <p className="verbatim">{trace.problem.prompt}</p>
        </div>
        <section className="trace-block">
          <h3>Judgements {row.conflict && <span className="tag warn">conflict</span>}</h3>
          {trace.judgements.length === 0 && <p className="t3">Nobody has looked at this trace yet.</p>}
          {trace.judgements.map((j) => (
            <JudgementLine key={j.judge} judgement={j} />
          ))}
        </section>
        <section className="trace-block">
          <h3>Steps {trace.steps.length}</h3>
          <ol>
            {trace.steps.map((text, i) => (
              <li key={i} className={i === row.firstError ? 'step first-error' : 'step'}>
                <span className="mono t3">S{i}</span>
                <StepText
                  text={text}
                  evidence={trace.judgements.flatMap((j) => j.evidence.filter((e) => e.step === i && !e.ok))}
                />
              </li>
            ))}
          </ol>
        </section>
        {trace.siblings.length > 0 && (
          <section className="trace-block">
            <h3>Same problem</h3>
            {trace.siblings.map((s) => (
              <button key={s.id} type="button" className="btn ghost sm" onClick={() => p.onOpen(s.id)}>
                <span className="mono">{s.model}</span> {s.outcome} {s.answer}
              </button>
            ))}
          </section>
        )}
        {Object.keys(trace.extra).length > 0 && (
          <section className="trace-block">
            <h3>Imported fields</h3>
            <pre className="verbatim">{JSON.stringify(trace.extra, null, 2)}</pre>
          </section>
        )}
      </div>
    </aside>
  );
};

const JudgementLine = ({ judgement: j }: { judgement: Judgement }) => (
  <p className="judgement">
    <span className="mono">{j.judge}</span>
    <span className={j.verdict === 'flawed' ? 'bad' : 'good'}>
      {j.verdict === 'clean'
        ? j.scope === 'outcome'
          ? 'right answer'
          : 'nothing found'
        : j.firstError === null
          ? 'wrong answer'
          : `first error S${j.firstError}`}
      {j.category && `, ${categoryLabel(j.category)}`}
    </span>
    <span className="t2">{j.rationale}</span>
  </p>
);

/** The step as the model wrote it; a false calculation is marked, its value struck out and the right one put beside it. */
const StepText = ({ text, evidence }: { text: string; evidence: readonly Evidence[] }) => {
  const marks = [...evidence]
    .sort((a, b) => a.start - b.start)
    .filter((e, i, all) => i === 0 || e.start >= (all[i - 1]?.end ?? 0));
  let from = 0;
  return (
    <span className="verbatim mono">
      {marks.map((e) => {
        const before = text.slice(from, e.start);
        from = e.end;
        return (
          <Fragment key={e.start}>
            {before}
            <span className="false-claim" title={`${e.claim} should be ${e.expected}`}>
              {text.slice(e.start, e.end)}
            </span>
            <span className="tag good">{e.expected}</span>
          </Fragment>
        );
      })}
      {text.slice(from)}
    </span>
  );
};
