import { RunId, type TraceId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { traceLink } from '../../app/links.ts';
import { client } from '../../app/trpc.ts';
import { AnswerDetail } from './answer-detail.tsx';
import { causeText } from './answer-words.ts';
import { retryCause } from './run-acts.ts';

/** Why items of a run that asks a model failed, by cause; each cause can be done again, and each item looked into. */
export const Causes = ({ run }: { run: RunSummary }) => {
  const id = RunId.parse(run.id);
  const causes = useQuery({
    queryKey: ['runs', 'causes', run.id, run.failed],
    queryFn: () => client.runs.causes.query({ id }),
    placeholderData: (before) => before,
  });
  const items = useQuery({
    queryKey: ['runs', 'failed-answers', run.id, run.failed],
    queryFn: () => client.runs.answers.query({ id, filter: 'failed', limit: 100 }),
    placeholderData: (before) => before,
  });
  const [open, setOpen] = useState<{ trace: TraceId; repetition: number } | null>(null);
  const still = isOver(run.state) || run.state === 'paused';
  return (
    <section className="run-failures">
      <h3>
        Failed items <span className="t3">{count(run.failed)}, by cause</span>
      </h3>
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
                {...(!still && { title: 'While the run goes on, nothing is retried' })}
                onClick={() => void retryCause(run, c.cause)}
              >
                Retry {count(c.count)}
              </Button>
            </p>
            <ul>
              {items.data?.items
                .filter((item) => item.cause === c.cause)
                .slice(0, 5)
                .map((item) => (
                  <li key={`${item.trace} ${item.repetition}`} className="row">
                    <a className="mono" href={traceLink(item.trace)}>
                      {item.trace}
                    </a>
                    <Button small ghost onClick={() => setOpen(open?.trace === item.trace ? null : item)}>
                      {open?.trace === item.trace ? 'Hide' : 'Request and response'}
                    </Button>
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      <p className="t3 fs12">Each item keeps its error, its request and the raw response.</p>
      {open && <AnswerDetail run={run} trace={open.trace} repetition={open.repetition} />}
    </section>
  );
};
