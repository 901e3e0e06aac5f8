import type { ItemCause, RunAnswer } from '@flywheel/domain/critique';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { traceLink } from '../../app/links.ts';
import { AnswerDetail } from './answer-detail.tsx';
import { causeText } from './answer-words.ts';
import { retryCause, retryItem } from './run-acts.ts';
import { failedOf, runQueries } from './server.ts';

/** Items of a cause that are shown at first, and that are read at a time after that. */
const FIRST = 5;
const MORE = 50;

const WHY_NOT = 'While the run goes on, nothing is retried';

/** Why items of a run that asks a model failed, by cause; each cause can be done again, and each item looked into or done again. */
export const Causes = ({ run, canRetry }: { run: RunSummary; canRetry: boolean }) => {
  const causes = useQuery(runQueries.causes(run));
  const still = canRetry && (isOver(run.state) || run.state === 'paused');
  return (
    <section className="run-failures">
      <h3>
        Failed items <span className="t3">{count(run.failed)}, by cause</span>
      </h3>
      {causes.error && (
        <Unread what="The causes" error={causes.error} onRetry={() => void causes.refetch()} />
      )}
      {causes.isPending && <LoadingRows rows={2} label="Reading why items failed" />}
      <ul>
        {causes.data?.map((c) => (
          <li key={c.cause}>
            <p className="run-cause">
              <TriangleAlert className="i i14 bad" aria-hidden="true" />
              <span className="grow">
                {causeText(c.cause)} <span className="t2">{c.example}</span>
              </span>
              <Button
                small
                disabled={!still}
                {...(!still && canRetry && { title: WHY_NOT })}
                onClick={() => void retryCause(run, c.cause)}
              >
                Retry {count(c.count)}
              </Button>
            </p>
            <Items run={run} cause={c.cause} failed={c.count} still={still} />
          </li>
        ))}
      </ul>
      <p className="t3 fs12">Each item keeps its error, its request and the raw response.</p>
    </section>
  );
};

const Unread = (p: { what: string; error: Error; onRetry: () => void }) => (
  <p className="bad fs12" role="alert">
    {p.what} could not be read: {p.error.message}{' '}
    <Button small onClick={p.onRetry}>
      Retry
    </Button>
  </p>
);

const Items = (p: { run: RunSummary; cause: ItemCause; failed: number; still: boolean }) => {
  const { run, cause, failed } = p;
  const pages = useInfiniteQuery({
    // The count is part of the key: a retry that changes it reads the list anew.
    queryKey: ['runs', 'failed', run.id, cause, failed],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => failedOf(run, cause, pageParam, pageParam === 0 ? FIRST : MORE),
    getNextPageParam: (last, all) => {
      const read = all.reduce((n, page) => n + page.items.length, 0);
      return last.items.length > 0 && read < last.total ? read : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {pages.error && <Unread what="Its items" error={pages.error} onRetry={() => void pages.refetch()} />}
      <ul>
        {items.map((item) => (
          <Item key={`${item.trace} ${item.repetition}`} run={run} item={item} still={p.still} />
        ))}
      </ul>
      {pages.isPending && <LoadingRows rows={1} label="Reading its items" />}
      {pages.hasNextPage && (
        <p className="run-more-items">
          <Button small disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
            Show more ({count(items.length)} of {count(failed)})
          </Button>
        </p>
      )}
    </>
  );
};

const Item = ({ run, item, still }: { run: RunSummary; item: RunAnswer; still: boolean }) => {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="row">
        <a className="mono" href={traceLink(item.trace)}>
          {item.trace}
        </a>
        {item.repetition > 0 && <span className="t3">again {item.repetition}</span>}
        <Button small ghost aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Request and response'}
        </Button>
        <Button
          small
          ghost
          disabled={!still}
          title={still ? 'Does the failed answers of this trace again' : WHY_NOT}
          onClick={() => void retryItem(run, item.trace)}
        >
          Retry
        </Button>
      </div>
      {open && <AnswerDetail run={run} trace={item.trace} repetition={item.repetition} />}
    </li>
  );
};
