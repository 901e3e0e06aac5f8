import type { RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { answerLink, verdictText } from './answer-words.ts';
import { runQueries } from './server.ts';

const PAGE = 50;
const FILTERS = ['all', 'flawed', 'clean', 'failed', 'parse'] as const;

/** The results of a run that asked a model, a page at a time. */
export const AnswersTable = ({ run }: { run: RunSummary }) => {
  const [filter, setFilter] = useState<(typeof FILTERS)[number]>('all');
  const [offset, setOffset] = useState(0);
  const page = useQuery(runQueries.answers(run, { filter, offset, limit: PAGE }));
  const total = page.data?.total ?? 0;
  return (
    <section className="run-answers" aria-label="Results">
      <header className="row">
        <h3>Results</h3>
        {FILTERS.map((f) => (
          <button
            key={f}
            type="button"
            className="run-chip"
            aria-pressed={filter === f}
            onClick={() => {
              setFilter(f);
              setOffset(0);
            }}
          >
            {f}
          </button>
        ))}
        <span className="grow" />
        <span className="t3 fs12">
          {page.data === undefined
            ? ''
            : total === 0
              ? 'none'
              : `${count(offset + 1)} to ${count(Math.min(total, offset + PAGE))} of ${count(total)}`}
        </span>
        <Button small disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
          Back
        </Button>
        <Button small disabled={offset + PAGE >= total} onClick={() => setOffset(offset + PAGE)}>
          Next
        </Button>
      </header>
      {page.error && (
        <p className="bad fs12" role="alert">
          The results could not be read: {page.error.message}{' '}
          <Button small onClick={() => void page.refetch()}>
            Retry
          </Button>
        </p>
      )}
      {page.isPending && <LoadingRows rows={3} label="Reading the results" />}
      {total > 0 && (
        <table className="tbl">
          <thead>
            <tr>
              <th>Trace</th>
              <th>Verdict</th>
              <th className="run-why-cell">Why</th>
              <th className="num">At the model</th>
              <th className="num">Waited</th>
              <th className="num">Tokens</th>
            </tr>
          </thead>
          <tbody>
            {page.data?.items.map((a) => (
              <tr key={`${a.trace} ${a.repetition}`}>
                <td>
                  <a className="mono" href={answerLink(a)}>
                    {a.trace}
                  </a>
                  {a.repetition > 0 && <span className="t3"> again {a.repetition}</span>}
                </td>
                <td className={a.state === 'failed' ? 'bad' : ''} title={verdictText(a)}>
                  {verdictText(a)}
                </td>
                <td className="run-why-cell t2" title={a.rationale}>
                  {a.rationale}
                </td>
                <td className="num">{a.cached ? 'kept' : `${(a.modelMs / 1_000).toFixed(2)} s`}</td>
                <td className="num">{a.cached ? '' : `${(a.queueMs / 1_000).toFixed(2)} s`}</td>
                <td className="num">{count(a.inputTokens + a.outputTokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
