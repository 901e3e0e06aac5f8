import { isOver, type RunSummary } from '@flywheel/domain/run';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { clock, count, duration, percent } from '../../app/format.ts';
import { runsNewestFirst, useLiveRuns } from '../../app/live-runs.ts';
import { bytes } from './bytes.ts';
import { cancelImport, resumeImport, undoImport } from './import-acts.ts';
import { type ImportRow, importQueries } from './server.ts';

/** Imports in work, live, and those that are over, with what may be done with each. */
export const History = () => {
  const imports = useQuery(importQueries.list());
  const runs = useLiveRuns((s) => s.runs);
  const live =
    runs === null ? [] : runsNewestFirst(runs).filter((r) => r.kind === 'import' && !isOver(r.state));
  if (imports.isError)
    return (
      <ErrorState
        cause={`The imports could not be read: ${imports.error.message}`}
        onRetry={() => void imports.refetch()}
      />
    );
  if (imports.data === undefined) return <LoadingRows label="Reading the imports" />;
  const working = new Set(live.map((r) => r.id));
  const past = imports.data.filter((i) => i.run === null || !working.has(i.run));
  if (live.length + past.length === 0)
    return <EmptyState text="Nothing has been imported yet. Drop files anywhere in this window." />;
  return (
    <div className="pane">
      <table className="tbl import-table">
        <colgroup>
          <col className="col-when" />
          <col />
          <col className="col-state" />
          <col className="col-count" />
          <col className="col-count" />
          <col className="col-count" />
          <col className="col-acts" />
        </colgroup>
        <thead>
          <tr>
            <th>Begun</th>
            <th>Files</th>
            <th>State</th>
            <th className="num">Imported</th>
            <th className="num">Duplicates</th>
            <th className="num">Rejected</th>
            <th>
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {live.map((run) => (
            <LiveRow key={`run ${run.id}`} run={run} />
          ))}
          {past.map((row) => (
            <PastRow key={row.id} row={row} run={row.run === null ? undefined : runs?.get(row.run)} />
          ))}
        </tbody>
      </table>
    </div>
  );
};

const LiveRow = ({ run }: { run: RunSummary }) => (
  <tr>
    <td className="t2">{clock(run.startedAt ?? run.createdAt)}</td>
    <td title={run.subject}>{run.title}</td>
    <td className="acc">{run.state === 'queued' ? 'queued' : <Progress run={run} />}</td>
    <td className="num">{count(run.done)}</td>
    <td className="num">{count(run.skipped)}</td>
    <td className="num">{count(run.failed)}</td>
    <td className="import-acts">
      <button type="button" className="btn sm" onClick={() => void cancelImport(run)}>
        Cancel
      </button>
    </td>
  </tr>
);

const Progress = ({ run: { title, progress } }: { run: RunSummary }) => {
  if (progress === null || progress.total === null) return <>running</>;
  const { done, total, rate, etaSeconds } = progress;
  const said = `${percent(done, total)}${rate > 0 ? `, ${bytes(Math.round(rate))}/s` : ''}${
    etaSeconds === null ? '' : `, ${duration(etaSeconds)} left`
  }`;
  return (
    <span className="row">
      <progress max={Math.max(1, total)} value={done} aria-label={`Import of ${title}`} />
      <span className="trunc" title={said}>
        {said}
      </span>
    </span>
  );
};

const STATE_TONES: Readonly<Record<ImportRow['state'], string>> = {
  running: 'acc',
  done: 'good',
  cancelled: 't2',
  failed: 'bad',
  interrupted: 'warn',
  undone: 't3',
};

const PastRow = ({ row, run }: { row: ImportRow; run: RunSummary | undefined }) => {
  const queries = useQueryClient();
  const { id, state, imported, rejectsFile } = row;
  const unfinished = state === 'cancelled' || state === 'failed' || state === 'interrupted';
  return (
    <tr>
      <td className="t2" title={new Date(row.startedAt).toLocaleString('en-GB')}>
        {clock(row.startedAt)}
      </td>
      <td title={row.title}>{row.title}</td>
      <td className={STATE_TONES[state]} title={run?.error ?? undefined}>
        {state}
        {state === 'failed' && run?.error && <>: {run.error}</>}
        {state === 'done' && row.endedAt !== null && (
          <span className="t3"> in {duration((row.endedAt - row.startedAt) / 1_000)}</span>
        )}
      </td>
      <td className="num">{count(imported)}</td>
      <td className="num">{count(row.duplicates)}</td>
      <td className="num">{count(row.rejected)}</td>
      <td className="import-acts">
        {rejectsFile !== null && state !== 'undone' && (
          <a
            className="btn sm"
            href={`/download/${rejectsFile}`}
            download
            title="Every rejected line, with its reason"
          >
            <Download className="i i12" aria-hidden="true" /> Rejects
          </a>
        )}
        {unfinished && run && (
          <button
            type="button"
            className="btn sm"
            title="Reads the file again; what is there already is passed over"
            onClick={() => void resumeImport(run.id, queries)}
          >
            Resume
          </button>
        )}
        {state !== 'undone' && state !== 'running' && imported > 0 && (
          <>
            <button
              type="button"
              className="btn sm"
              title="Takes its traces away again, with what was said of them"
              onClick={() => void undoImport(row, queries)}
            >
              Undo
            </button>
            <a className="btn sm" href={`/samples?${new URLSearchParams({ q: `import:${id}` })}`}>
              Open in Samples
            </a>
          </>
        )}
      </td>
    </tr>
  );
};
