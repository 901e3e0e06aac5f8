import type { RunSummary } from '@flywheel/domain/run';
import { useQuery } from '@tanstack/react-query';
import { duration, rate } from '../../app/format.ts';
import { devText, milliseconds } from './comparison-rows.ts';
import { figuresOf, secondsOf, spendOf } from './run-words.ts';
import { runQueries } from './server.ts';

/** What a run has done and used so far; of one that stands still, also its times and its score against gold. */
export const Figures = ({ run, now }: { run: RunSummary; now: number }) => {
  const took = secondsOf(run, now);
  const live = run.state === 'running' ? run.progress : null;
  const items = run.done + run.skipped + run.failed;
  const settled = useQuery({
    ...runQueries.figures([run]),
    enabled: run.kind === 'critique' && run.state !== 'running' && run.state !== 'queued',
    refetchInterval: false,
  });
  const [came] = live === null ? (settled.data ?? []) : [];
  const figures: { label: string; value: string; title?: string }[] = [
    { label: 'took', value: took === null ? 'not begun' : duration(took) },
    ...(live !== null
      ? [
          {
            label: 'rate',
            value: live.unit === 'bytes' ? `${(live.rate / 1e6).toFixed(1)} MB/s` : rate(live.rate),
          },
          { label: 'time left', value: live.etaSeconds === null ? 'unknown' : duration(live.etaSeconds) },
        ]
      : took !== null && took > 0 && items > 0
        ? [{ label: 'mean rate', value: rate(items / took) }]
        : []),
    ...spendOf(run),
    ...(came?.times
      ? [
          { label: 'at the model', value: milliseconds(came.times.modelMs), title: 'mean of an answer' },
          { label: 'in the queue', value: milliseconds(came.times.queueMs), title: 'mean of an answer' },
        ]
      : []),
    ...figuresOf(run),
    ...(came?.dev ? [{ label: 'F1 on dev', ...devText(came.dev) }] : []),
  ];
  return (
    <dl className="run-figures">
      {figures.map(({ label, value, title }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="trunc" title={title ? `${value}, ${title}` : value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
};
