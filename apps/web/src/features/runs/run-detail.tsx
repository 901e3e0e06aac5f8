import {
  asksModel,
  isItemwise,
  isOver,
  possibleActs,
  type RunSummary,
  runsLocally,
} from '@flywheel/domain/run';
import { Badge } from '@flywheel/ui/badge.tsx';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery } from '@tanstack/react-query';
import { Download, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { clock, count } from '../../app/format.ts';
import { AddItems } from './add-items.tsx';
import { AnswersTable } from './answers-table.tsx';
import { Causes } from './causes.tsx';
import { FailedItems } from './failed-items.tsx';
import { Figures } from './figures.tsx';
import { ForkNote } from './fork-note.tsx';
import { Limits } from './limits.tsx';
import { actOn, RUN_ACTS } from './run-acts.ts';
import { RunLog } from './run-log.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunStateMark } from './run-state.tsx';
import { useRunWatch } from './run-watch.ts';
import { filesOf, flawedLink, sliceOf } from './run-words.ts';
import { forkLink, judgeOf, type RunConfig, runQueries } from './server.ts';
import { ThroughputPlot } from './throughput-plot.tsx';

/** One run: what it is, how far, its figures, what it was made from, what it left. */
export const RunDetail = (p: {
  run: RunSummary;
  now: number;
  /** What a run found that is not made of items, or that a local model found. */
  report: (run: RunSummary) => ReactNode;
  onClose: () => void;
}) => {
  const { run, now, onClose } = p;
  const watched = useRunWatch(run);
  const config = useQuery(runQueries.config(run)).data ?? null;
  const goesOn = possibleActs(run).some((act) => act === 'resume' || act === 'retry');
  const obstacle = useQuery({ ...runQueries.obstacle(run), enabled: asksModel(run.kind) && goesOn }).data;
  const stuck = goesOn && typeof obstacle === 'string' ? obstacle : null;
  const acts = possibleActs(run).filter((act) => stuck === null || (act !== 'resume' && act !== 'retry'));
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
          {acts.map((act) => (
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
        {stuck !== null && <ForkNote obstacle={stuck} fork={forkLink(run, config)} />}
        {asksModel(run.kind) && !isItemwise(run.kind) && p.report(run)}
        <Figures run={run} now={now} />
        <Limits run={run} />
        {asksModel(run.kind) && watched.pulses.length > 0 && <ThroughputPlot pulses={watched.pulses} />}
        <Links run={run} config={config} canGrow={stuck === null} />
        {runsLocally(run.kind) && p.report(run)}
        {(run.kind === 'verify' || runsLocally(run.kind)) && run.failed > 0 && <FailedItems run={run} />}
        {run.kind === 'critique' && run.failed > 0 && <Causes run={run} canRetry={stuck === null} />}
        {asksModel(run.kind) && <RunLog lines={watched.lines} />}
        {run.kind === 'critique' && <AnswersTable run={run} />}
        {config !== null && (
          <section className="run-config">
            <h3>Config</h3>
            <pre className="mono">{JSON.stringify(config, null, 2)}</pre>
          </section>
        )}
      </div>
    </div>
  );
};

/** Where a run leads: its traces, those that it found flawed, its judge against gold, its files, a run like it. */
const Links = ({ run, config, canGrow }: { run: RunSummary; config: RunConfig | null; canGrow: boolean }) => {
  const slice = sliceOf(run);
  const judge = isItemwise(run.kind) ? judgeOf(config) : null;
  const fork = forkLink(run, config);
  const { flawed } = run.result;
  return (
    <div className="row run-links">
      {slice !== null && (
        <a className="btn" href={`/samples${slice && `?${new URLSearchParams({ q: slice })}`}`}>
          Open in Samples
        </a>
      )}
      {judge !== null && run.done > 0 && (
        <>
          <a
            className="btn"
            href={flawedLink(run.id, judge)}
            title={`Its traces in which ${judge} itself found a flaw, whatever others said`}
          >
            Flawed among its traces {typeof flawed === 'number' && <b>{count(flawed)}</b>}
          </a>
          <a className="btn" href={`/calibration?${new URLSearchParams({ judge })}`}>
            Calibration
          </a>
        </>
      )}
      {filesOf(run).map(({ label, path }) => (
        <a key={path} className="btn" href={`/download/${path}`} download>
          <Download className="i i14" aria-hidden="true" /> {label}
        </a>
      ))}
      {run.kind === 'critique' && canGrow && (run.total ?? 0) > 0 && (
        <AddItems run={run} repetitions={Number(config?.repetitions ?? 1)} />
      )}
      {fork !== null && (isOver(run.state) || run.state === 'paused') && (
        <a
          className="btn"
          href={fork}
          title="Opens the launch dialog with all of this; a change makes another run"
        >
          Fork
        </a>
      )}
    </div>
  );
};
