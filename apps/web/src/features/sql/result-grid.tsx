import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { cellText } from './csv.ts';

export interface ResultGridProps {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
}

const ROW = 28;
const NUMERIC = /INT|DOUBLE|FLOAT|DECIMAL|REAL/;

/** Width in characters of a column, from its head and its first rows; 3 for the padding. */
const widthOf = (head: string, rows: ResultGridProps['rows'], at: number): number =>
  Math.min(
    60,
    Math.max(head.length + 3, ...rows.slice(0, 200).map((row) => cellText(row[at]).slice(0, 60).length + 3)),
  );

/** Result rows, only those in sight in the page; cells verbatim, the whole text in the tooltip. */
export const ResultGrid = ({ columns, rows }: ResultGridProps) => {
  const pane = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const numeric = columns.map((c) => NUMERIC.test(c.type) && !c.type.includes('['));
  const template = `56px ${columns.map((c, i) => `${widthOf(`${c.name} ${c.type}`, rows, i)}ch`).join(' ')}`;
  return (
    <div
      ref={pane}
      className="sql-grid"
      tabIndex={0}
      role="table"
      aria-label="Result"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
    >
      <div role="row" className="sql-head" style={{ gridTemplateColumns: template }}>
        <span role="columnheader" className="num">
          #
        </span>
        {columns.map((c, i) => (
          <span key={i} role="columnheader" className={numeric[i] ? 'num' : undefined} title={c.type}>
            {c.name} <small>{c.type.toLowerCase()}</small>
          </span>
        ))}
      </div>
      <div role="rowgroup" className="sql-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className="sql-row"
            style={{ transform: `translateY(${item.start}px)`, gridTemplateColumns: template }}
          >
            <span role="rowheader" className="num t3">
              {item.index + 1}
            </span>
            {columns.map((_, i) => {
              const value = rows[item.index]?.[i];
              const text = cellText(value);
              return (
                <span key={i} role="cell" className={numeric[i] ? 'num' : undefined} title={text}>
                  {value === null ? <i className="t3">null</i> : text}
                </span>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
};
