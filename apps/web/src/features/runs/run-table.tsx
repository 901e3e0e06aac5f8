import { isOver, type RunSummary } from '@flywheel/domain/run';
import { memo, useEffect, useRef } from 'react';
import { clock, count, duration, percent, rate } from '../../app/format.ts';
import { RunStateMark } from './run-state.tsx';
import { money, positionOf, secondsOf } from './run-words.ts';

interface RunTableProps {
  runs: readonly RunSummary[];
  selected: number | null;
  now: number;
  /** Runs that are marked to be compared. */
  marked: readonly number[];
  /** Both stay the same from one drawing to the next. */
  onMark: (id: number) => void;
  onOpen: (id: number) => void;
}

const COLUMNS = [
  'mark',
  'state',
  'id',
  'title',
  'subject',
  'progress',
  'counts',
  'rate',
  'left',
  'cost',
  'started',
  'took',
];

/** Runs, newest first. Secondary columns leave as the table narrows. */
export const RunTable = ({ runs, selected, now, marked, onMark, onOpen }: RunTableProps) => {
  // All that a run that is over asks of the time is which day it is.
  const today = new Date(now).setHours(0, 0, 0, 0);
  return (
    <div className="pane run-table">
      <table className="tbl">
        <colgroup>
          {COLUMNS.map((c) => (
            <col key={c} className={`col-${c} run-${c}-cell`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="sr">Compare</span>
            </th>
            <th>State</th>
            <th className="num">Run</th>
            <th>Title</th>
            <th className="run-subject-cell">Over</th>
            <th>Progress</th>
            <th className="num run-counts-cell">Items</th>
            <th className="num run-rate-cell">Rate</th>
            <th className="num run-left-cell">Left</th>
            <th className="num run-cost-cell">Cost</th>
            <th className="num run-started-cell">Started</th>
            <th className="num run-took-cell">Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row
              key={run.id}
              run={run}
              selected={run.id === selected}
              marked={marked.includes(run.id)}
              now={isOver(run.state) ? today : now}
              onMark={onMark}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** Drawn again only when its own run changes: there may be hundreds, and one that works changes several times a second. */
const Row = memo(function Row(p: {
  run: RunSummary;
  selected: boolean;
  marked: boolean;
  now: number;
  onMark: (id: number) => void;
  onOpen: (id: number) => void;
}) {
  const { run, selected } = p;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const { done, total } = positionOf(run);
  const took = secondsOf(run, p.now);
  const live = run.state === 'running' ? run.progress : null;
  return (
    <tr ref={row} aria-selected={selected} onClick={() => p.onOpen(run.id)}>
      <td className="run-mark" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={`Compare run ${run.id}`}
          checked={p.marked}
          onChange={() => p.onMark(run.id)}
        />
      </td>
      <td>
        <RunStateMark state={run.state} />
      </td>
      <td className="num mono t3">{run.id}</td>
      <td>
        <span className="run-title">
          <button type="button" className="run-name trunc" title={run.title} onClick={() => p.onOpen(run.id)}>
            {run.title}
          </button>{' '}
          <span className="t3">{run.kind}</span>
        </span>
      </td>
      <td className="run-subject-cell mono t2" title={run.subject}>
        {run.subject || 'all traces'}
      </td>
      <td>
        <span className="run-bar">
          <span className="bar" aria-hidden="true">
            <i
              className={run.state === 'running' ? '' : 'done'}
              style={{ width: total ? `${(100 * done) / total}%` : 0 }}
            />
          </span>
          <span className="num">{total === null ? '' : percent(done, total)}</span>
        </span>
      </td>
      <td className="num run-counts-cell">
        {count(run.done)}
        {run.failed > 0 && <span className="bad"> {count(run.failed)} failed</span>}
      </td>
      <td className="num run-rate-cell">{live ? rate(live.rate) : ''}</td>
      <td className="num run-left-cell">{live?.etaSeconds != null ? duration(live.etaSeconds) : ''}</td>
      <td className="num run-cost-cell">{run.spend && money(run.spend.cost)}</td>
      <td className="num run-started-cell">{run.startedAt === null ? '' : clock(run.startedAt, p.now)}</td>
      <td className="num run-took-cell">{took === null ? '' : duration(took)}</td>
    </tr>
  );
});
