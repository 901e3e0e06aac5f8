import type { Sort } from '@flywheel/domain/facet';
import type { TraceId } from '@flywheel/domain/ids';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react';
import { COLUMNS, nextSort } from './columns.ts';
import { TraceRow } from './trace-row.tsx';
import type { Cursor } from './use-cursor.ts';
import { useRows } from './use-rows.ts';
import { useWindow } from './use-window.ts';

interface TraceListProps {
  query: string;
  /** The query has words that stand somewhere in the traces. */
  hasText: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
  total: number;
  trace: TraceId | null;
  cursor: Cursor;
}

const ROW = 28;
const HEAD = 28;

/** The table of traces: a window of rows over a list of any length. */
export const TraceList = ({ query, hasText, sort, onSort, total, trace, cursor }: TraceListProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const win = useWindow(scroller, total, ROW, HEAD);
  const rows = useRows({
    query,
    sort,
    first: win.first,
    end: Math.min(win.end, total),
    hold: win.jumping,
    hasText,
  });
  const { reveal, toStart } = win;

  useEffect(() => {
    if (cursor.index !== null) reveal(cursor.index);
  }, [cursor.index, reveal]);
  const list = `${query}\n${sort.key}\n${sort.descending}`;
  const shown = useRef(list);
  useEffect(() => {
    if (shown.current === list) return;
    shown.current = list;
    toStart();
  }, [list, toStart]);

  const open = cursor.open;
  const onOpen = useCallback((index: number) => void open(index), [open]);
  const onKey = (e: KeyboardEvent<HTMLDivElement>) => {
    if (e.target !== e.currentTarget) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => cursor.move(1),
      ArrowUp: () => cursor.move(-1),
      PageDown: () => cursor.move(win.perPage),
      PageUp: () => cursor.move(-win.perPage),
      Home: () => cursor.go(0),
      End: () => cursor.go(total - 1),
      Enter: () => cursor.index !== null && onOpen(cursor.index),
    };
    const act = moves[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  };
  const shownRows = Array.from(
    { length: Math.max(0, Math.min(win.end, total) - win.first) },
    (_, i) => win.first + i,
  );
  return (
    <div
      ref={scroller}
      className="pane trace-scroll"
      role="grid"
      aria-label="Traces"
      aria-rowcount={total + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={cursor.index === null ? undefined : `trace-row-${cursor.index}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="trace-head trace-grid" role="row" aria-rowindex={1} tabIndex={-1}>
        {COLUMNS.map((c) => {
          const on = sort.key === c.sort;
          const Arrow = sort.descending ? ArrowDown : ArrowUp;
          return (
            <span
              key={c.id}
              role="columnheader"
              tabIndex={-1}
              className={c.numeric ? 'num' : undefined}
              aria-sort={on ? (sort.descending ? 'descending' : 'ascending') : undefined}
            >
              <button type="button" onClick={() => onSort(nextSort(sort, c.sort))}>
                {c.id === 'agreement' ? <Letters /> : c.title}
                {on && <Arrow className="i i12" aria-hidden="true" />}
              </button>
            </span>
          );
        })}
      </div>
      {rows.error && (
        <p className="samples-note bad" role="alert">
          These rows could not be read: {rows.error.message}{' '}
          <button type="button" className="btn sm" onClick={rows.retry}>
            Retry
          </button>
        </p>
      )}
      <div role="rowgroup" className="trace-rows" style={{ height: win.height }}>
        {shownRows.map((i) => {
          const row = rows.at(i);
          return (
            <TraceRow
              key={i}
              row={row}
              snippet={rows.snippet(i, row)}
              index={i}
              top={win.place(i)}
              current={i === cursor.index}
              opened={row !== undefined && row.id === trace}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
};

const Letters = () => (
  <span className="agreement" title="verifier, critic, local model, human">
    {[...'VCLH'].map((letter) => (
      <b key={letter}>{letter}</b>
    ))}
  </span>
);
