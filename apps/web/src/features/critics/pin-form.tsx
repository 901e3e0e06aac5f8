import { TraceId } from '@flywheel/domain/ids';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useState } from 'react';
import { SliceField } from '../../app/dialogs/slice-field.tsx';
import type { Pinned } from './use-pins.ts';

const MOST = 50;

/** The ids that a text holds, and the first word of it that is none. */
export const readIds = (text: string): { ids: TraceId[]; wrong: string | null } => {
  const words = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const wrong = words.find((w) => !TraceId.safeParse(w).success) ?? null;
  return { ids: [...new Set(words)].flatMap((w) => TraceId.safeParse(w).data ?? []), wrong };
};

/** A button whose panel pins traces: the first of a slice or a query, or single ones by their ids. */
export const PinForm = (p: Pick<Pinned, 'pinQuery' | 'pinIds'>) => (
  <Popover trigger="Pin traces" title="Pin traces of a slice, of a query, or by id" className="btn sm">
    {(close) => <Form {...p} onDone={close} />}
  </Popover>
);

const Form = (p: Pick<Pinned, 'pinQuery' | 'pinIds'> & { onDone: () => void }) => {
  const [query, setQuery] = useState('');
  const [limit, setLimit] = useState('5');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem] = parseQuery(query).errors;
  const { ids, wrong } = readIds(text);
  const count = Math.min(MOST, Math.max(1, Math.round(Number(limit)) || 1));
  const pin = async (act: () => Promise<boolean>): Promise<void> => {
    setBusy(true);
    if (await act()) p.onDone();
    else setBusy(false);
  };
  return (
    <div className="pin-forms">
      <form
        className="new-critic"
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem && !busy) void pin(() => p.pinQuery(query, count));
        }}
      >
        <SliceField label="From the traces that fit" query={query} onQuery={setQuery} />
        <label>
          The first
          <input
            className="field"
            type="number"
            min={1}
            max={MOST}
            value={limit}
            onChange={(e) => setLimit(e.target.value)}
          />
        </label>
        <Button primary submit disabled={problem !== undefined || busy}>
          Pin
        </Button>
      </form>
      <form
        className="new-critic"
        onSubmit={(event) => {
          event.preventDefault();
          if (ids.length > 0 && wrong === null && !busy) void pin(() => p.pinIds(ids));
        }}
      >
        <label>
          Single traces, by id
          <input
            className="field mono"
            value={text}
            spellCheck={false}
            placeholder="0f3a…"
            aria-invalid={wrong !== null}
            aria-describedby="pin-ids-note"
            onChange={(e) => setText(e.target.value)}
          />
        </label>
        <p id="pin-ids-note" className="bad fs12" aria-live="polite">
          {wrong !== null && `${wrong.slice(0, 40)} is not an id of a trace: 16 digits of 0 to 9 and a to f.`}
        </p>
        <Button submit disabled={ids.length === 0 || wrong !== null || busy}>
          Pin {ids.length > 1 ? `${ids.length} by id` : 'by id'}
        </Button>
      </form>
    </div>
  );
};
