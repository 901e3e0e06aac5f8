import { RunId } from '@flywheel/domain/ids';
import { isOver, possibleActs, type RunAct, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useKeys } from '../../app/keys.ts';
import { LISTED_RUNS, loadRun, loadRuns, runsNewestFirst, useLiveRuns } from '../../app/live-runs.ts';
import { useTab } from '../../app/tab.ts';
import { Comparison } from './comparison.tsx';
import { NewRun } from './new-run.tsx';
import { actOn, RUN_ACTS } from './run-acts.ts';
import { RunDetail } from './run-detail.tsx';
import { RunTable } from './run-table.tsx';
import './runs.css';
import './asking.css';

export interface RunsPageProps {
  /** The run that the URL names. */
  run: number | null;
  /** Which runs are listed: a value of {@link SHOWN}; anything else is all. */
  shown: string;
  /** Runs that are marked to be compared. */
  marked: readonly number[];
  /** What a run found that is not made of items. */
  report: (run: RunSummary) => ReactNode;
  onRun: (id: number | null) => void;
  onShown: (shown: string) => void;
  onMarked: (marked: readonly number[]) => void;
}

/** Beyond this, columns are no longer to be compared by eye. */
const MOST_COMPARED = 12;

const SHOWN: readonly { id: string; label: string; has: (run: RunSummary) => boolean }[] = [
  { id: '', label: 'all', has: () => true },
  { id: 'open', label: 'not over', has: (run) => !isOver(run.state) },
  { id: 'succeeded', label: 'succeeded', has: (run) => run.state === 'succeeded' },
  { id: 'failed', label: 'failed', has: (run) => run.state === 'failed' || run.failed > 0 },
  { id: 'cancelled', label: 'cancelled', has: (run) => run.state === 'cancelled' },
];

/** The time, moving while something runs and is looked at. */
const useNow = (moving: boolean): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
};

/** Every job of the workspace, live, and the one that is opened. */
export const RunsPage = ({ run: id, shown, marked, report, onRun, onShown, onMarked }: RunsPageProps) => {
  const runs = useLiveRuns((s) => s.runs);
  const error = useLiveRuns((s) => s.error);
  const visible = useTab()?.visible ?? true;
  const all = runs === null ? [] : runsNewestFirst(runs);
  const now = useNow(visible && all.some((run) => !isOver(run.state)));
  const filter = SHOWN.find((f) => f.id === shown) ?? SHOWN[0];
  const listed = all.filter((run) => filter?.has(run));
  const open = id === null ? undefined : runs?.get(id);
  const compared = [...marked].sort((a, b) => a - b).flatMap((n) => runs?.get(n) ?? []);
  const comparing = id === null && compared.length > 1;
  const mark = (n: number): void =>
    onMarked(marked.includes(n) ? marked.filter((m) => m !== n) : [...marked, n].slice(-MOST_COMPARED));
  const latest = useRef({ onRun, mark });
  useEffect(() => {
    latest.current = { onRun, mark };
  });
  const openRow = useCallback((n: number) => latest.current.onRun(n), []);
  const markRow = useCallback((n: number) => latest.current.mark(n), []);
  const absent = id !== null && runs !== null && open === undefined;
  const older = useQuery({
    queryKey: ['runs', 'older', id],
    queryFn: async () => (await loadRun(RunId.parse(id))) !== null,
    enabled: absent,
  });
  const step = (by: 1 | -1): void => {
    const at = listed.findIndex((run) => run.id === id);
    const next = listed[at === -1 ? 0 : at + by];
    if (next) onRun(next.id);
  };
  useKeys('runs', [
    { key: 'j', label: 'next run', run: () => step(1), repeats: true },
    { key: 'k', label: 'previous run', run: () => step(-1), repeats: true },
    ...Object.entries(RUN_ACTS).map(([act, { key, keyLabel }]) => ({
      key,
      label: keyLabel,
      run: () => open && possibleActs(open).includes(act as RunAct) && void actOn(open, act as RunAct),
    })),
    { key: 'x', label: 'mark the open run, to compare it', run: () => open && mark(open.id) },
    {
      key: 'Escape',
      label: 'close the run, or the comparison',
      run: () => (comparing ? onMarked([]) : onRun(null)),
    },
  ]);
  return (
    <div className={id === null && !comparing ? 'runs' : 'runs with-run'}>
      <div className="group">
        <header className="ph">
          <h2>Runs</h2>
          {runs !== null && (
            <span className="t3">{all.length < LISTED_RUNS ? all.length : `the newest ${LISTED_RUNS}`}</span>
          )}
          <span className="grow" />
          {id !== null && compared.length > 1 && (
            <Button small onClick={() => onRun(null)}>
              Compare {compared.length} runs
            </Button>
          )}
          {compared.length === 1 && <span className="t3 fs12">mark another run to compare them</span>}
          <NewRun onStarted={onRun} />
        </header>
        {all.length > 0 && (
          <div className="run-filters" role="group" aria-label="Which runs">
            {SHOWN.map(({ id: value, label, has }) => (
              <button
                key={label}
                type="button"
                className="run-chip"
                aria-pressed={filter?.id === value}
                onClick={() => onShown(value)}
              >
                {label} <b>{all.filter(has).length}</b>
              </button>
            ))}
          </div>
        )}
        {error !== null && runs === null ? (
          <ErrorState
            cause={`The runs could not be read: ${error.message}`}
            remedy="They go on at the server, whatever this page shows."
            onRetry={() => void loadRuns()}
          />
        ) : runs === null ? (
          <LoadingRows label="Reading the runs" />
        ) : all.length === 0 ? (
          <EmptyState text="Nothing has run yet. Import traces, or start a verifier over those that are here.">
            <a className="btn primary" href="/import">
              Import traces
            </a>
          </EmptyState>
        ) : listed.length === 0 ? (
          <EmptyState text="No run is in this state.">
            <button type="button" className="btn" onClick={() => onShown('')}>
              Show all
            </button>
          </EmptyState>
        ) : (
          <RunTable runs={listed} selected={id} now={now} marked={marked} onMark={markRow} onOpen={openRow} />
        )}
      </div>
      {comparing && <Comparison runs={compared} onOpen={onRun} onClose={() => onMarked([])} />}
      {id !== null &&
        runs !== null &&
        (open ? (
          <RunDetail key={open.id} run={open} now={now} report={report} onClose={() => onRun(null)} />
        ) : (
          <div className="group" role="group" aria-label={`Details of run ${id}`}>
            {older.isPending ? (
              <LoadingRows label={`Reading run ${id}`} />
            ) : older.error ? (
              <ErrorState
                cause={`Run ${id} could not be read: ${older.error.message}`}
                onRetry={() => void older.refetch()}
              />
            ) : (
              <EmptyState text={`There is no run ${id} in this workspace.`}>
                <button type="button" className="btn" onClick={() => onRun(null)}>
                  Close
                </button>
              </EmptyState>
            )}
          </div>
        ))}
    </div>
  );
};
