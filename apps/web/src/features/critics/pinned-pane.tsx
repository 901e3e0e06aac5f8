import type { TraceId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import type { TraceDetail } from '@flywheel/domain/trace';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { Try } from './tries.ts';
import { placeWord, Verdict, verdictWord } from './verdict.tsx';

const goldOf = (trace: TraceDetail): string | null => {
  const human = trace.judgements.filter((j) => j.judge.startsWith('human:') && j.scope === 'steps');
  const speaks = human.find((j) => !j.imported) ?? human[0];
  return speaks ? verdictWord(speaks) : null;
};

/** The traces that stand beside the prompt, with gold, what the version said, and what the draft says now. */
export const PinnedPane = (p: {
  traces: readonly TraceDetail[];
  tries: ReadonlyMap<TraceId, Try>;
  chosen: TraceId | null;
  /** `critic:name@7`: whose kept verdicts are shown beside. */
  judge: string;
  onChoose: (trace: TraceId) => void;
  onPin: (query: string, limit: number) => void;
  onUnpin: (trace: TraceId) => void;
}) => {
  const done = [...p.tries.values()].filter((t) => t.state === 'done').length;
  return (
    <section className="pinned" aria-label="Pinned traces">
      <header className="ph">
        <h2>Pinned traces</h2>
        <span className="t3">
          {p.traces.length}
          {p.tries.size > 0 && `, ${done} of ${p.tries.size} answered`}
        </span>
        <span className="grow" />
        <PinForm onPin={p.onPin} />
      </header>
      {p.traces.length === 0 ? (
        <p className="t3 critic-state">
          Pin traces to see the prompt as it would be sent, and what a model makes of it.
        </p>
      ) : (
        <div className="pane" tabIndex={0} role="region" aria-label="Pinned traces, table">
          <table className="tbl">
            <thead>
              <tr>
                <th>Problem</th>
                <th className="narrow">Steps</th>
                <th className="narrow">Gold</th>
                <th className="narrow">{p.judge.slice('critic:'.length)}</th>
                <th className="narrow">Now</th>
                <th>Rationale</th>
                <th className="unpin">
                  <span className="sr">Unpin</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {p.traces.map((t) => (
                <Row key={t.row.id} {...p} trace={t} tried={p.tries.get(t.row.id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};

const Row = (p: {
  trace: TraceDetail;
  tried: Try | undefined;
  chosen: TraceId | null;
  judge: string;
  onChoose: (trace: TraceId) => void;
  onUnpin: (trace: TraceId) => void;
}) => {
  const { trace, tried } = p;
  const gold = goldOf(trace);
  const kept = trace.judgements.find((j) => j.judge === p.judge);
  const now =
    tried?.state === 'done'
      ? tried.parsed.ok
        ? placeWord(tried.parsed.firstError)
        : 'no parse'
      : tried?.state === 'failed'
        ? 'failed'
        : tried
          ? 'asking…'
          : '';
  const why = tried?.state === 'done' ? (tried.parsed.ok ? tried.parsed.rationale : tried.parsed.detail) : '';
  const said = tried?.state === 'failed' ? tried.message : why || kept?.rationale || '';
  return (
    <tr aria-selected={p.chosen === trace.row.id} onClick={() => p.onChoose(trace.row.id)}>
      <td>
        <button type="button" className="row-button mono" title={trace.problem.prompt}>
          {trace.problem.prompt}
        </button>
      </td>
      <td className="num">{trace.steps.length}</td>
      <td className="mono">{gold ?? '·'}</td>
      <td>{kept ? <Verdict said={verdictWord(kept)} gold={gold} /> : <span className="t3">·</span>}</td>
      <td>
        {now === '' ? (
          <span className="t3">·</span>
        ) : (
          <Verdict said={now} gold={tried?.state === 'done' ? gold : null} />
        )}
      </td>
      <td title={said}>{said}</td>
      <td className="unpin">
        <button
          type="button"
          className="ib"
          aria-label={`Unpin ${trace.problem.prompt.slice(0, 40)}`}
          onClick={(event) => {
            event.stopPropagation();
            p.onUnpin(trace.row.id);
          }}
        >
          <X className="i i12" aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
};

const PinForm = ({ onPin }: { onPin: (query: string, limit: number) => void }) => (
  <Popover trigger="Pin traces" title="Pin the first traces that a query selects" className="btn sm">
    {(close) => (
      <Form
        onPin={(query, limit) => {
          close();
          onPin(query, limit);
        }}
      />
    )}
  </Popover>
);

const Form = ({ onPin }: { onPin: (query: string, limit: number) => void }) => {
  const [query, setQuery] = useState('');
  const [limit, setLimit] = useState(5);
  const [problem] = parseQuery(query).errors;
  return (
    <form
      className="new-critic"
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onPin(query, limit);
      }}
    >
      <label>
        From the traces that fit
        <input
          className="field mono"
          value={query}
          spellCheck={false}
          placeholder="all, or outcome:wrong error:2.."
          aria-invalid={problem !== undefined}
          aria-describedby="pin-note"
          onChange={(e) => setQuery(e.target.value)}
        />
      </label>
      <label>
        The first
        <input
          className="field"
          type="number"
          min={1}
          max={50}
          value={limit}
          onChange={(e) => setLimit(Math.min(50, Math.max(1, Number(e.target.value) || 1)))}
        />
      </label>
      <p id="pin-note" className="bad fs12" aria-live="polite">
        {problem?.message ?? ''}
      </p>
      <Button primary submit disabled={problem !== undefined}>
        Pin
      </Button>
    </form>
  );
};
