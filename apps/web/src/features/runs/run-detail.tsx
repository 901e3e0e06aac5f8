import { RunId } from '@flywheel/domain/ids';
import { asksModel, isItemwise, possibleActs, type RunSummary } from '@flywheel/domain/run';
import { Badge } from '@flywheel/ui/badge.tsx';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery } from '@tanstack/react-query';
import { Download, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { clock, count, duration, percent, rate } from '../../app/format.ts';
import { client } from '../../app/trpc.ts';
import { AnswersTable } from './answers-table.tsx';
import { Causes } from './causes.tsx';
import { FailedItems } from './failed-items.tsx';
import { actOn, RUN_ACTS } from './run-acts.ts';
import { RunLog } from './run-log.tsx';
import { RunStateMark } from './run-state.tsx';
import { useRunWatch } from './run-watch.ts';
import {
  COUNT_WORDS,
  figuresOf,
  filesOf,
  judgeOf,
  positionOf,
  secondsOf,
  sliceOf,
  spendOf,
} from './run-words.ts';
import { ThroughputPlot } from './throughput-plot.tsx';

/** One run: what it is, how far, its figures, what it was made from, what it left. */
export const RunDetail = (p: {
  run: RunSummary;
  now: number;
  /** What a run found that is not made of items. */
  report: (run: RunSummary) => ReactNode;
  onClose: () => void;
}) => {
  const { run, now, onClose } = p;
  const slice = sliceOf(run);
  const watched = useRunWatch(run);
  return (
    <div className="group run-detail" role="group" aria-label={`Details of run ${run.id}`}>
      <header className="run-head">
        <div className="row">
          <h2 className="trunc" title={run.title}>
            {run.title}
          </h2>
          <Badge>
            <RunStateMark state={run.state} />
          </Badge>
          <span className="grow" />
          {possibleActs(run).map((act) => (
            <Button
              key={act}
              keys={RUN_ACTS[act].key}
              title={RUN_ACTS[act].title}
              onClick={() => void actOn(run, act)}
            >
              {RUN_ACTS[act].label}
            </Button>
          ))}
          <button
            type="button"
            className="ib"
            aria-label="Close the run"
            title="Close (Esc)"
            onClick={onClose}
          >
            <X className="i i14" aria-hidden="true" />
          </button>
        </div>
        <p className="t2 fs12 trunc">
          run {run.id}, {run.kind}, fingerprint <span className="mono">{run.fingerprint.slice(0, 8)}</span>,
          made {clock(run.createdAt, now)}
        </p>
        <p className="t2 fs12 trunc" title={run.subject}>
          {run.kind === 'import' ? 'files ' : 'query '}
          <span className="mono">{run.subject || 'all traces'}</span>
        </p>
        <RunProgress run={run} />
      </header>
      <div className="pane" tabIndex={0} role="group" aria-label={`Figures of run ${run.id}`}>
        {run.error !== null && (
          <p className="run-error bad" role="alert">
            <TriangleAlert className="i i14" aria-hidden="true" /> {run.error}
          </p>
        )}
        {asksModel(run.kind) && !isItemwise(run.kind) && p.report(run)}
        <Figures run={run} now={now} />
        {asksModel(run.kind) && watched.pulses.length > 0 && <ThroughputPlot pulses={watched.pulses} />}
        <div className="row run-links">
          {slice !== null && (
            <a className="btn" href={`/samples${slice && `?${new URLSearchParams({ q: slice })}`}`}>
              Open in Samples
            </a>
          )}
          {run.kind === 'critique' && (
            <>
              <a
                className="btn"
                href={`/samples?${new URLSearchParams({ q: `judge:${judgeOf(run)} -error:clean` })}`}
              >
                Flawed among its traces
              </a>
              <a className="btn" href={`/calibration?${new URLSearchParams({ judge: judgeOf(run) })}`}>
                Calibration
              </a>
            </>
          )}
          {filesOf(run).map(({ label, path }) => (
            <a key={path} className="btn" href={`/download/${path}`} download>
              <Download className="i i14" aria-hidden="true" /> {label}
            </a>
          ))}
        </div>
        {run.kind === 'verify' && run.failed > 0 && <FailedItems run={run} />}
        {run.kind === 'critique' && run.failed > 0 && <Causes run={run} />}
        {asksModel(run.kind) && <RunLog lines={watched.lines} />}
        {run.kind === 'critique' && <AnswersTable run={run} />}
        <Config run={run} />
      </div>
    </div>
  );
};

const RunProgress = ({ run }: { run: RunSummary }) => {
  const words = COUNT_WORDS[run.kind];
  const { done, total, unit } = positionOf(run);
  const inItems = unit !== 'bytes';
  const share = (n: number): string => `${total ? (100 * n) / total : 0}%`;
  const kept = Math.min(run.done, run.spend?.cached ?? 0);
  const parts = [
    { name: 'ok', n: run.done - kept, word: words.done },
    run.spend
      ? { name: 'skip', n: kept, word: 'from the cache' }
      : { name: 'skip', n: run.skipped, word: words.skipped },
    { name: 'fail', n: run.failed, word: words.failed },
  ];
  return (
    <>
      <div
        className="run-progress"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={total ?? undefined}
        aria-valuenow={done}
        aria-valuetext={total === null ? `${count(done)} ${unit}` : percent(done, total)}
      >
        {inItems ? (
          parts.map(({ name, n }) => <i key={name} className={name} style={{ width: share(n) }} />)
        ) : (
          <i className="ok" style={{ width: share(done) }} />
        )}
      </div>
      <p className="row fs12">
        <b>{count(done)}</b>{' '}
        <span className="t2">
          {total === null ? unit : `of ${count(total)} ${unit}, ${percent(done, total)}`}
        </span>
        <span className="grow" />
        {parts.map(({ name, n, word }) => (
          <span key={name} className="run-key t2">
            <i className={name} aria-hidden="true" /> {count(n)} {word}
          </span>
        ))}
      </p>
    </>
  );
};

const Figures = ({ run, now }: { run: RunSummary; now: number }) => {
  const took = secondsOf(run, now);
  const live = run.state === 'running' ? run.progress : null;
  const items = run.done + run.skipped + run.failed;
  const figures = [
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
    ...figuresOf(run),
  ];
  return (
    <dl className="run-figures">
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="trunc" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
};

/** The config snapshot that the run was made from. */
const Config = ({ run }: { run: RunSummary }) => {
  const stored = useQuery({
    // A run in work comes without its config; it is read once the run stands still.
    queryKey: ['runs', 'config', run.id, run.state === 'running'],
    queryFn: () => client.runs.get.query({ id: RunId.parse(run.id) }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const config = stored.data && 'config' in stored.data ? stored.data.config : null;
  if (!config) return null;
  return (
    <section className="run-config">
      <h3>Config</h3>
      <pre className="mono">{JSON.stringify(config, null, 2)}</pre>
    </section>
  );
};
