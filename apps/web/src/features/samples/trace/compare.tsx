import { alignSteps, diffWords, type TextRun } from '@flywheel/domain/align';
import type { TraceId } from '@flywheel/domain/ids';
import type { TraceDetail } from '@flywheel/domain/trace';
import { StepStrip } from '@flywheel/ui/step-strip.tsx';
import { useQuery } from '@tanstack/react-query';
import { samplesQueries } from '../server.ts';

interface CompareProps {
  trace: TraceDetail;
  /** The other trace of the problem; the first sibling when null. */
  against: TraceId | null;
  onAgainst: (id: TraceId) => void;
}

/** Two traces of one problem, step beside step; words that differ are marked. */
export const Compare = ({ trace, against, onAgainst }: CompareProps) => {
  const chosen = trace.siblings.find((s) => s.id === against) ?? trace.siblings[0];
  const opened = useQuery({
    ...samplesQueries.open(chosen?.id ?? ('' as TraceId)),
    enabled: chosen !== undefined,
  });
  const other = opened.data;
  if (!chosen)
    return (
      <p className="samples-note t2">
        No other trace of this problem is here. Import another model's answers to the same prompt to compare.
      </p>
    );
  return (
    <section className="compare" aria-label="Compare">
      <header className="compare-head">
        <Side trace={trace} />
        <span />
        <div className="row">
          <select
            className="field grow"
            aria-label="Compare with"
            value={chosen.id}
            onChange={(e) => onAgainst(e.target.value as TraceId)}
          >
            {trace.siblings.map((s) => (
              <option key={s.id} value={s.id}>
                {s.model} · {s.outcome} · {s.answer ?? 'no answer'}
              </option>
            ))}
          </select>
        </div>
      </header>
      {opened.error && (
        <p className="samples-note bad" role="alert">
          The other trace could not be read: {opened.error.message}
        </p>
      )}
      {other && <Pairs left={trace} right={other} />}
    </section>
  );
};

const Side = ({ trace }: { trace: TraceDetail }) => (
  <span className="row">
    <b className="mono trunc" title={trace.row.model}>
      {trace.row.model}
    </b>
    <span className={trace.row.outcome === 'wrong' ? 'bad' : 't2'}>
      {trace.row.outcome} {trace.row.answer}
    </span>
  </span>
);

const SIGN = { same: '=', similar: '≠', only: '·' } as const;

const Pairs = ({ left, right }: { left: TraceDetail; right: TraceDetail }) => (
  <ol className="compare-pairs">
    {alignSteps(left.steps, right.steps).map((pair) => {
      const [a, b] = [left.steps[pair.a ?? -1], right.steps[pair.b ?? -1]];
      const [runsA, runsB] =
        a !== undefined && b !== undefined
          ? diffWords(a, b)
          : [[{ text: a ?? '', shared: true }], [{ text: b ?? '', shared: true }]];
      return (
        <li key={`${pair.a}-${pair.b}`} data-relation={pair.relation}>
          <Cell trace={left} step={pair.a} runs={runsA} />
          <span className="compare-sign mono" title={pair.relation === 'only' ? 'no partner' : pair.relation}>
            {SIGN[pair.relation]}
          </span>
          <Cell trace={right} step={pair.b} runs={runsB} />
        </li>
      );
    })}
  </ol>
);

const Cell = (p: { trace: TraceDetail; step: number | null; runs: readonly TextRun[] }) => {
  if (p.step === null) return <div className="compare-cell t3">no such step</div>;
  const first = p.step === p.trace.row.firstError;
  return (
    <div className="compare-cell" data-first={first || undefined}>
      <span className="mono step-name">S{p.step}</span>
      <StepStrip
        strip={p.trace.row.strip[p.step] ?? '.'}
        firstError={first ? 0 : null}
        confirmed={p.trace.row.flawKind === 'human'}
      />
      <p className="verbatim mono">
        {p.runs.map((run, i) => (run.shared ? <span key={i}>{run.text}</span> : <u key={i}>{run.text}</u>))}
      </p>
    </div>
  );
};
