import { RunId, type TraceId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { count } from '../../app/format.ts';
import { traceLink } from '../../app/links.ts';
import { client } from '../../app/trpc.ts';
import { byCause } from './by-cause.ts';
import { retryItem } from './run-acts.ts';

const PAGE = 200;
/** Items of one cause that are shown before one asks for more. */
const SHOWN = 5;

/** What failed in a run and why, by cause; each item opens its trace and can be done again. */
export const FailedItems = ({ run }: { run: RunSummary }) => {
  const pages = useInfiniteQuery({
    // The count is part of the key: a retry that changes it reads the list anew.
    queryKey: ['runs', 'failures', run.id, run.failed],
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      client.runs.failures.query({ id: RunId.parse(run.id), offset: pageParam, limit: PAGE }),
    getNextPageParam: (last, all) => (all.length * PAGE < last.total ? all.length * PAGE : undefined),
    placeholderData: (before) => before,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? run.failed;
  return (
    <section className="run-failures">
      <h3>
        Failed items <span className="t3">{count(total)}, by cause</span>
      </h3>
      {pages.error && (
        <p className="bad fs12" role="alert">
          They could not be listed: {pages.error.message}{' '}
          <Button small onClick={() => void pages.refetch()}>
            Retry
          </Button>
        </p>
      )}
      {pages.isPending && <LoadingRows rows={2} label="Reading the failed items" />}
      <ul>
        {byCause(items).map(({ error, traces }) => (
          <Cause key={error} error={error} traces={traces} run={run} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button small disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
          Read more ({count(items.length)} of {count(total)} read)
        </Button>
      )}
    </section>
  );
};

const Cause = (p: { error: string; traces: readonly TraceId[]; run: RunSummary }) => (
  <li>
    <p className="run-cause">
      <TriangleAlert className="i i14 bad" aria-hidden="true" />
      <span className="grow">{p.error || 'no reason was given'}</span>
      <span className="mono t2">{count(p.traces.length)}</span>
    </p>
    <ul>
      {p.traces.slice(0, SHOWN).map((trace) => (
        <li key={trace} className="row">
          <a className="mono" href={traceLink(trace)}>
            {trace}
          </a>
          <Button
            small
            ghost
            disabled={!isOver(p.run.state)}
            {...(!isOver(p.run.state) && { title: 'While the run goes on, nothing is retried' })}
            onClick={() => void retryItem(p.run, trace)}
          >
            Retry
          </Button>
        </li>
      ))}
      {p.traces.length > SHOWN && (
        <li className="t3 fs12">and {count(p.traces.length - SHOWN)} more of this cause</li>
      )}
    </ul>
  </li>
);
