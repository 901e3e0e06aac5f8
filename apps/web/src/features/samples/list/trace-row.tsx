import { categoryLabel } from '@flywheel/domain/category';
import type { TraceRow as Row } from '@flywheel/domain/trace';
import { StepStrip } from '@flywheel/ui/step-strip.tsx';
import { Flag } from 'lucide-react';
import { memo } from 'react';
import { AgreementCell } from './agreement-cell.tsx';
import { Marked, type Snippet } from './marked.tsx';

interface TraceRowProps {
  row: Row | undefined;
  snippet: Snippet | undefined;
  index: number;
  /** CSS pixels from the top of the scrolled element. */
  top: number;
  current: boolean;
  opened: boolean;
  onOpen: (index: number) => void;
}

const flawText = (row: Row): string => {
  if (row.firstError === null) return 'not labelled';
  // Only a person says "clean": programs and models say what they found.
  if (row.firstError === -1) return row.flawKind === 'human' ? 'clean' : 'nothing found';
  return row.category ? categoryLabel(row.category) : 'flawed';
};

const errorText = (at: number | null): string =>
  at === null || at === -1 ? '' : at === -2 ? 'somewhere' : `S${at}`;

/** One trace of the list. While it is on its way, its place is held by a bar. */
export const TraceRow = memo((p: TraceRowProps) => {
  const { row, index } = p;
  const common = {
    id: `trace-row-${index}`,
    role: 'row',
    tabIndex: -1,
    'aria-rowindex': index + 2,
    className: 'trace-row trace-grid',
    style: { transform: `translateY(${p.top}px)` },
  } as const;
  if (!row)
    return (
      <div {...common} aria-busy="true">
        <span role="gridcell">
          <span className="waiting-bar" />
        </span>
      </div>
    );
  const quiet = row.firstError === null || (row.firstError === -1 && row.flawKind !== 'human');
  const ai = row.flawKind !== 'human' && row.firstError !== null && row.firstError !== -1;
  return (
    <div
      {...common}
      aria-selected={p.opened}
      data-current={p.current || undefined}
      onClick={() => p.onOpen(index)}
    >
      <span role="gridcell" className="cell-problem" title={row.promptHead}>
        {row.flagged && <Flag className="i i12 acc" aria-label="flagged" />}
        <span className="trunc">{row.promptHead}</span>
        {p.snippet && <Marked snippet={p.snippet} />}
      </span>
      <span role="gridcell" className="mono t2 trunc" title={row.model}>
        {row.model}
      </span>
      <span role="gridcell">
        <StepStrip
          strip={row.strip}
          firstError={row.firstError}
          confirmed={row.flawKind === 'human'}
          max={8}
        />
      </span>
      <span role="gridcell" className={quiet ? 'trunc t3' : 'trunc'} title={flawText(row)}>
        <span data-ai={ai || undefined}>{flawText(row)}</span>
      </span>
      <span role="gridcell" className="mono t2">
        {errorText(row.firstError)}
      </span>
      <span role="gridcell">
        <AgreementCell row={row} />
      </span>
      <span
        role="gridcell"
        className={row.outcome === 'wrong' ? 'bad' : row.outcome === 'right' ? 'good' : 't3'}
      >
        {row.outcome === 'none' ? 'no answer' : row.outcome}
      </span>
      <span role="gridcell" className="num mono trunc" title={row.answer ?? ''}>
        {row.answer}
      </span>
      <span role="gridcell" className="num mono trunc t2" title={row.reference ?? ''}>
        {row.reference}
      </span>
    </div>
  );
});
