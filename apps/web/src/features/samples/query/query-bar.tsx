import type { FacetResult } from '@flywheel/domain/facet';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Filter, type LucideIcon, Redo2, Undo2, X } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useState } from 'react';
import { QueryInput } from './query-input.tsx';

interface QueryBarProps {
  text: string;
  onText: (text: string) => void;
  counted: FacetResult | undefined;
  undo: (() => void) | null;
  redo: (() => void) | null;
  input: Ref<HTMLInputElement>;
  children?: ReactNode;
}

/** The query as text. Taken over on Enter and on leaving; while typing, errors stand at their place. */
export const QueryBar = (p: QueryBarProps) => {
  const [draft, setDraft] = useState(p.text);
  const [focused, setFocused] = useState(false);
  useEffect(() => setDraft(p.text), [p.text]);
  const { errors } = parseQuery(draft);
  const [error] = errors;
  const commit = (text: string) => {
    if (text !== p.text) p.onText(text);
  };
  return (
    <div className="query">
      <div className="query-line">
        <search className="query-bar" data-error={error !== undefined || undefined}>
          <Filter className="i i14 t3" aria-hidden="true" />
          <QueryInput
            draft={draft}
            onDraft={setDraft}
            onCommit={commit}
            onFocus={setFocused}
            invalid={error !== undefined}
            chips={!focused && errors.length === 0 && draft !== ''}
            ref={p.input}
          />
          {p.counted && (
            <span className="query-count t2 fs12">
              <output aria-label="Selected traces">
                {p.counted.matched.toLocaleString('en')} of {p.counted.total.toLocaleString('en')}
              </output>
              <span className="t3 query-time">, {Math.max(1, Math.round(p.counted.milliseconds))} ms</span>
            </span>
          )}
          {p.text && (
            <button type="button" className="ib" aria-label="Clear the query" onClick={() => p.onText('')}>
              <X className="i i14" aria-hidden="true" />
            </button>
          )}
        </search>
        <HistoryButton label="Undo filter" Icon={Undo2} act={p.undo} />
        <HistoryButton label="Redo filter" Icon={Redo2} act={p.redo} />
        {p.children}
      </div>
      {error && (
        <p className="query-error fs12" role="alert">
          <b className="mono">{draft.slice(error.start, error.end)}</b> at {error.start + 1}: {error.message}
        </p>
      )}
    </div>
  );
};

const HistoryButton = (p: { label: string; Icon: LucideIcon; act: (() => void) | null }) => (
  <button
    type="button"
    className="ib"
    aria-label={p.label}
    title={p.label}
    disabled={!p.act}
    onClick={() => p.act?.()}
  >
    <p.Icon className="i i14" aria-hidden="true" />
  </button>
);
