import type { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import type { TraceDetail } from '@flywheel/domain/trace';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { reason } from '../../app/reason.ts';
import { type Cell, cellOf, type Flip, flipOf, goldOf, type Source, type SourceOption } from './columns.ts';
import type { Where } from './model-picker.tsx';
import { PinForm } from './pin-form.tsx';
import type { Round } from './tries.ts';
import type { Pinned } from './use-pins.ts';
import { positionWord, Verdict } from './verdict.tsx';
import { VerdictStrip } from './verdict-strip.tsx';

export interface PinnedPaneProps {
  /** Leads to what else stands in this place. */
  tabs: ReactNode;
  critic: CriticId;
  body: CriticBody;
  where: Where;
  pinned: Pinned;
  rounds: readonly Round[];
  options: readonly SourceOption[];
  a: Source;
  b: Source;
  onSource: (side: 'a' | 'b', source: Source) => void;
  chosen: TraceId | null;
  onChoose: (trace: TraceId) => void;
}

/** The traces that stand beside the prompt, with gold and what two sources say of each. */
export const PinnedPane = (p: PinnedPaneProps) => {
  const { traces, query } = p.pinned;
  const rows = traces.map((trace) => {
    const [a, b] = [cellOf(p.a, trace, p), cellOf(p.b, trace, p)];
    const gold = goldOf(trace.judgements);
    return { trace, a, b, gold, flip: flipOf(a, b, gold) };
  });
  const count = (flip: Flip): number => rows.filter((r) => r.flip === flip).length;
  const tries = [...(p.rounds[0]?.tries.values() ?? [])];
  const answered = tries.filter((t) => t.state === 'done').length;
  return (
    <section className="pinned" aria-label="Pinned traces">
      <header className="ph">
        {p.tabs}
        <span className="t3">
          {p.pinned.count}
          {tries.length > 0 && `, ${answered} of ${tries.length} answered`}
        </span>
        <span className="grow" />
        {count('now right') > 0 && <span className="good">{count('now right')} now right</span>}
        {count('now wrong') > 0 && <span className="bad">{count('now wrong')} now wrong</span>}
        <PinForm pinQuery={p.pinned.pinQuery} pinIds={p.pinned.pinIds} />
      </header>
      {query.error && traces.length === 0 ? (
        <ErrorState
          cause={`The pinned traces could not be read: ${reason(query.error)}`}
          onRetry={() => query.refetch()}
        />
      ) : query.isPending ? (
        <LoadingRows rows={3} />
      ) : traces.length === 0 ? (
        <p className="t3 critic-state">
          Pin traces to see the prompt as it would be sent, and what a model makes of it.
        </p>
      ) : (
        <div className="pane" tabIndex={0} role="region" aria-label="Pinned traces, table">
          <table className="tbl">
            <thead>
              <tr>
                <th>Problem</th>
                <th className="steps">Gold steps</th>
                <th className="gold">Gold</th>
                {(['a', 'b'] as const).map((side) => (
                  <th key={side} className="said">
                    <SourceSelect side={side} options={p.options} value={p[side]} onSource={p.onSource} />
                  </th>
                ))}
                <th className="flip">Flip</th>
                <th>Rationale</th>
                <th className="unpin">
                  <span className="sr">Unpin</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row
                  key={row.trace.row.id}
                  {...row}
                  chosen={p.chosen === row.trace.row.id}
                  onChoose={p.onChoose}
                  onUnpin={(id) => p.pinned.unpin([id])}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};

const SourceSelect = (p: {
  side: 'a' | 'b';
  options: readonly SourceOption[];
  value: Source;
  onSource: PinnedPaneProps['onSource'];
}) => (
  <span className={`source ${p.side}`}>
    <i aria-hidden="true">{p.side.toUpperCase()}</i>
    <select
      aria-label={`Column ${p.side.toUpperCase()} shows`}
      value={p.value}
      title={p.options.find((o) => o.source === p.value)?.label}
      onChange={(e) => {
        const option = p.options.find((o) => o.source === e.target.value);
        if (option) p.onSource(p.side, option.source);
      }}
    >
      {p.options.map((o) => (
        <option key={o.source} value={o.source}>
          {o.label}
        </option>
      ))}
    </select>
  </span>
);

const Row = (p: {
  trace: TraceDetail;
  a: Cell;
  b: Cell;
  gold: ReturnType<typeof goldOf>;
  flip: Flip;
  chosen: boolean;
  onChoose: (trace: TraceId) => void;
  onUnpin: (trace: TraceId) => void;
}) => {
  const { trace, a, b } = p;
  const { id } = trace.row;
  const gold = p.gold === null ? null : positionWord(p.gold);
  const why = b.why || a.why;
  return (
    <tr aria-selected={p.chosen} onClick={() => p.onChoose(id)}>
      <td>
        <button type="button" className="row-button mono" title={trace.problem.prompt}>
          {trace.problem.prompt}
        </button>
      </td>
      <td>
        <VerdictStrip steps={trace.steps.length} gold={p.gold} a={a.at} b={b.at} />
      </td>
      <td className="mono">{gold ?? <span className="t3">·</span>}</td>
      <td>
        <Said cell={a} gold={gold} />
      </td>
      <td>
        <Said cell={b} gold={gold} />
      </td>
      <td>
        <FlipMark flip={p.flip} />
      </td>
      <td title={why}>{why}</td>
      <td className="unpin">
        <button
          type="button"
          className="ib"
          aria-label={`Unpin ${trace.problem.prompt.slice(0, 40)}`}
          onClick={(event) => {
            event.stopPropagation();
            p.onUnpin(id);
          }}
        >
          <X className="i i12" aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
};

const Said = ({ cell, gold }: { cell: Cell; gold: string | null }) =>
  cell.word === '' ? (
    <span className="t3">·</span>
  ) : (
    <Verdict said={cell.word} gold={cell.settled ? gold : null} stale={cell.stale} />
  );

const FlipMark = ({ flip }: { flip: Flip }) => {
  switch (flip) {
    case null:
      return null;
    case 'now right':
      return (
        <b className="good flip-mark">
          <ArrowUp className="i i12" aria-hidden="true" /> now right
        </b>
      );
    case 'now wrong':
      return (
        <b className="bad flip-mark">
          <ArrowDown className="i i12" aria-hidden="true" /> now wrong
        </b>
      );
    case 'same':
      return <span className="t3">same</span>;
    case 'both wrong':
    case 'differs':
      return <span className="t2">{flip}</span>;
  }
};
