import { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import { Menu } from '@flywheel/ui/menu.tsx';
import { Cpu, Square } from 'lucide-react';
import { count, duration, percent, rate } from '../app/format.ts';
import { type Connection, cancelRun, runsNewestFirst, useLiveRuns } from '../app/live-runs.ts';
import { THEMES, usePreferences } from '../app/preferences.ts';
import { go } from '../app/tabs.ts';
import { toast } from '../app/toasts.ts';
import { useAdapter } from './use-adapter.ts';
import { useTraceCount, useWorkspace } from './workspace.ts';

const SHOWN_RUNS = 2;

/** Server, machine and running work on the left; the workspace and its user on the right. */
export const StatusBar = () => {
  const { data: info } = useWorkspace();
  const traces = useTraceCount();
  const { reviewer, theme, setTheme } = usePreferences();
  const connection = useLiveRuns((s) => s.connection);
  const runs = useLiveRuns((s) => s.runs);
  const adapter = useAdapter();
  const running = runs === null ? [] : runsNewestFirst(runs).filter((r) => r.state === 'running');
  return (
    <footer className="status">
      <ServerState connection={connection} />
      {adapter !== null && (
        <span title="The graphics adapter that this browser offers to local models">
          <Cpu className="i i14" aria-hidden="true" /> WebGPU {adapter}
        </span>
      )}
      {running.slice(0, SHOWN_RUNS).map((run) => (
        <RunningRun key={run.id} run={run} />
      ))}
      {running.length > SHOWN_RUNS && <a href="/runs">{running.length - SHOWN_RUNS} more running</a>}
      <span className="sp" />
      {info?.demoOnly && (
        <a className="acc" href="/import">
          demo workspace: import your own traces
        </a>
      )}
      {traces.data !== undefined && (
        <span>
          {count(traces.data)} {traces.data === 1 ? 'trace' : 'traces'}
        </span>
      )}
      <a href="/review" title="Who reviews; asked once in Review">
        {reviewer === null ? 'no reviewer' : `reviewer ${reviewer}`}
      </a>
      <Menu
        trigger={`theme ${theme}`}
        label="Theme"
        className="status-menu"
        items={THEMES.map((choice) => ({
          label: choice.label,
          checked: choice.theme === theme,
          onSelect: () => setTheme(choice.theme),
        }))}
      />
    </footer>
  );
};

const SERVER_WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'connecting',
  connected: 'server',
  reconnecting: 'server away, reconnecting',
  locked: 'server was started anew: open the link that it printed for',
};

const ServerState = ({ connection }: { connection: Connection }) => (
  <span aria-live="polite" title={connection}>
    <i className="dot" data-state={connection} aria-hidden="true" />
    {SERVER_WORDS[connection]} {location.host}
  </span>
);

const RunningRun = ({ run }: { run: RunSummary }) => {
  const finished = run.progress?.done ?? run.done + run.skipped + run.failed;
  const total = run.progress?.total ?? run.total;
  const stop = async (): Promise<void> => {
    try {
      await cancelRun(RunId.parse(run.id));
    } catch (error) {
      toast({ text: `Run ${run.id} goes on: ${(error as Error).message}`, tone: 'bad' });
    }
  };
  return (
    <span className="status-run" title={`${run.title}, ${run.subject || 'all traces'}`}>
      <button type="button" className="status-menu" onClick={() => go(`/runs?run=${run.id}`)}>
        {run.title}
      </button>
      {total !== null && total > 0 && (
        <span className="bar" aria-hidden="true">
          <i style={{ width: `${(100 * finished) / total}%` }} />
        </span>
      )}
      <span>
        {total === null ? count(finished) : percent(finished, total)}
        {run.progress !== null && run.progress.rate > 0 && `, ${rate(run.progress.rate)}`}
        {run.progress?.etaSeconds != null && `, ${duration(run.progress.etaSeconds)} left`}
      </span>
      <button
        type="button"
        className="ib"
        aria-label={`Stop ${run.title}`}
        title="Stop"
        onClick={() => void stop()}
      >
        <Square className="i i12" aria-hidden="true" />
      </button>
    </span>
  );
};
