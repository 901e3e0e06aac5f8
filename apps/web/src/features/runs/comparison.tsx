import type { RunSummary } from '@flywheel/domain/run';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { pairedLink } from '../../app/links.ts';
import { comparisonRows } from './comparison-rows.ts';
import { type RunFigures, runQueries } from './server.ts';

/** The paired comparison is of two runs of one critic. */
const pairOf = (figures: readonly RunFigures[]): string | null => {
  const [a, b] = figures;
  const critic = a?.judge?.match(/^critic:(.+)@\d+$/)?.[1];
  const same = critic !== undefined && b?.judge?.startsWith(`critic:${critic}@`);
  return a && b && same && figures.length === 2 ? pairedLink(critic, a.run.id, b.run.id) : null;
};

/** Several runs side by side. */
export const Comparison = (p: {
  runs: readonly RunSummary[];
  onOpen: (id: number) => void;
  onClose: () => void;
}) => {
  const figures = useQuery(runQueries.figures(p.runs));
  const pair = pairOf(figures.data ?? []);
  return (
    <div className="group run-detail" role="group" aria-label="Runs compared">
      <header className="ph">
        <h2>Runs compared</h2>
        <span className="t3">{p.runs.length}</span>
        <span className="grow" />
        {pair !== null && (
          <a className="btn sm" href={pair}>
            Flips and paired intervals
          </a>
        )}
        <button
          type="button"
          className="ib"
          aria-label="Compare no runs"
          title="Unmarks them all"
          onClick={p.onClose}
        >
          <X className="i i14" aria-hidden="true" />
        </button>
      </header>
      {figures.error && !figures.data ? (
        <ErrorState
          cause={`They could not be compared: ${figures.error.message}`}
          remedy="If the server is away, they are read again once it is back."
          onRetry={() => void figures.refetch()}
        />
      ) : figures.data ? (
        <div className="pane" tabIndex={0} role="region" aria-label="Figures of the runs compared">
          <table className="run-compare">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr">Figure</span>
                </th>
                {figures.data.map(({ run }) => (
                  <th key={run.id} scope="col">
                    <button type="button" className="run-name" onClick={() => p.onOpen(run.id)}>
                      Run {run.id}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {comparisonRows(figures.data).map(({ label, title, values }) => (
                <tr key={label}>
                  <th scope="row" title={title}>
                    {label}
                  </th>
                  {values.map(({ value, title: more }, i) => (
                    <td key={figures.data[i]?.run.id} title={more ?? value}>
                      {value || <span className="t3">none</span>}
                      {more && <span className="t3 fs12 run-more">{more}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <LoadingRows label="Comparing the runs" />
      )}
    </div>
  );
};
