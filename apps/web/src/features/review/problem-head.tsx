import type { TraceDetail } from '@flywheel/domain/trace';

/** The problem, its reference and the trace's answer; stays in sight above the steps. Text is verbatim. */
export const ProblemHead = ({ detail }: { detail: TraceDetail }) => {
  const { row, problem } = detail;
  return (
    <header className="rv-prob">
      <p className="verbatim">{problem.prompt}</p>
      <dl>
        <dt>reference</dt>
        <dd className="mono">{problem.reference ?? '–'}</dd>
        <dt>answer</dt>
        <dd
          className={row.outcome === 'wrong' ? 'mono bad' : row.outcome === 'right' ? 'mono good' : 'mono'}
          title={`outcome: ${row.outcome}`}
        >
          {row.answer ?? 'none'} {row.outcome === 'wrong' ? '✕' : row.outcome === 'right' ? '✓' : ''}
        </dd>
      </dl>
    </header>
  );
};
