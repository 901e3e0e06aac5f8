import { categoryLabel } from '@flywheel/domain/category';
import type { TraceId } from '@flywheel/domain/ids';
import type { TraceRow } from '@flywheel/domain/trace';
import { StepStrip } from '@flywheel/ui/step-strip.tsx';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import { client } from '../../app/trpc.ts';

interface TraceTableProps {
  query: string;
  selected: TraceId | null;
  onOpen: (id: TraceId) => void;
  onReview: () => void;
}

const ROW = 28;
const PAGE = 100;
const SORT = { key: 'arrival', descending: false } as const;

/** The list, by pages of a hundred: only what is on screen is fetched and rendered. */
export const TraceTable = (p: TraceTableProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const fetchPage = (page: number) => ({
    queryKey: ['samples', 'page', p.query, page],
    queryFn: () => client.traces.page.query({ query: p.query, sort: SORT, offset: page * PAGE, limit: PAGE }),
  });
  const [first] = useQueries({ queries: [{ ...fetchPage(0), placeholderData: keepPreviousData }] });
  const total = first?.data?.total ?? 0;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const visible = rows.getVirtualItems();
  const pages = [...new Set(visible.map((v) => Math.floor(v.index / PAGE)))];
  const fetched = useQueries({ queries: pages.map(fetchPage) });
  const rowAt = (i: number): TraceRow | undefined =>
    fetched[pages.indexOf(Math.floor(i / PAGE))]?.data?.rows[i % PAGE];

  if (first?.error)
    return <p className="samples-note bad">The list could not be read: {first.error.message}</p>;
  if (first?.data && total === 0)
    return <p className="samples-note t2">No trace fits. Take a filter away, or import traces.</p>;
  return (
    <>
      <div className="trace-head trace-grid" aria-hidden="true">
        <span>Problem</span>
        <span>Model</span>
        <span>Steps</span>
        <span>Flaw</span>
        <span className="vclh">V C L H</span>
        <span>Outcome</span>
        <span className="num">Answer</span>
        <span className="num">Reference</span>
      </div>
      <div ref={scroller} className="pane trace-scroll" role="listbox" aria-label="Traces" tabIndex={0}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {visible.map((v) => {
            const row = rowAt(v.index);
            return (
              <Row key={v.key} top={v.start} row={row} selected={row?.id === p.selected} onOpen={p.onOpen} />
            );
          })}
        </div>
      </div>
      <footer className="samples-foot">
        <span className="t2">{total.toLocaleString('en')} traces</span>
        <span className="grow" />
        <button type="button" className="btn primary" onClick={p.onReview} disabled={total === 0}>
          Review
        </button>
      </footer>
    </>
  );
};

const place = (at: number | null): string =>
  at === null ? '·' : at === -1 ? '○' : at === -2 ? '?' : String(at);

const flawText = (row: TraceRow): string => {
  if (row.firstError === null) return 'not labelled';
  if (row.firstError === -1) return 'clean';
  return row.category
    ? categoryLabel(row.category)
    : row.firstError === -2
      ? 'flawed'
      : `at S${row.firstError}`;
};

const Row = memo(
  (p: { row: TraceRow | undefined; top: number; selected: boolean; onOpen: (id: TraceId) => void }) => {
    const { row } = p;
    const style = { transform: `translateY(${p.top}px)` };
    if (!row) return <div className="trace-row trace-grid" style={style} aria-hidden="true" />;
    const { verifier, critic, local, human } = row.agreement;
    return (
      <button
        type="button"
        role="option"
        aria-selected={p.selected}
        className="trace-row trace-grid"
        style={style}
        onClick={() => p.onOpen(row.id)}
      >
        <span className="trunc" title={row.promptHead}>
          {row.promptHead}
        </span>
        <span className="mono trunc">{row.model}</span>
        <StepStrip strip={row.strip} firstError={row.firstError} confirmed={row.flawKind === 'human'} />
        <span
          className={row.firstError === null ? 'trunc t3' : 'trunc'}
          data-ai={(row.flawKind !== 'human' && row.firstError !== null && row.firstError >= 0) || undefined}
        >
          {flawText(row)}
        </span>
        <span className={row.conflict ? 'mono vclh warn' : 'mono vclh'}>
          {[verifier, critic, local, human].map(place).join(' ')}
        </span>
        <span className={row.outcome === 'wrong' ? 'bad' : row.outcome === 'right' ? 'good' : 't3'}>
          {row.outcome}
        </span>
        <span className="num mono trunc">{row.answer}</span>
        <span className="num mono trunc">{row.reference}</span>
      </button>
    );
  },
);
