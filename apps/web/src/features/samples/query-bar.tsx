import type { FacetResult } from '@flywheel/domain/facet';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Filter, X } from 'lucide-react';
import { useEffect, useState } from 'react';

interface QueryBarProps {
  text: string;
  onText: (text: string) => void;
  counted: FacetResult | undefined;
}

/** The query as text. It is taken over on Enter and on leaving; an error shows its place while typing. */
export const QueryBar = (p: QueryBarProps) => {
  const [draft, setDraft] = useState(p.text);
  useEffect(() => setDraft(p.text), [p.text]);
  const [error] = parseQuery(draft).errors;
  const commit = () => {
    if (draft !== p.text) p.onText(draft);
  };
  return (
    <div className="query">
      <form
        className="query-bar"
        onSubmit={(e) => {
          e.preventDefault();
          commit();
        }}
      >
        <Filter className="i" aria-hidden="true" />
        <input
          className="mono"
          aria-label="Query"
          aria-invalid={error !== undefined}
          placeholder='outcome:wrong steps:2..9 "how many"'
          value={draft}
          spellCheck={false}
          onChange={(e) => setDraft(e.target.value)}
          onBlur={commit}
        />
        {p.counted && (
          <output className="t2 fs12" aria-label="Selected traces">
            {p.counted.matched.toLocaleString('en')} of {p.counted.total.toLocaleString('en')}
          </output>
        )}
        {p.text && (
          <button type="button" className="ib" aria-label="Clear the query" onClick={() => p.onText('')}>
            <X className="i i14" />
          </button>
        )}
      </form>
      {error && (
        <p className="query-error mono" role="alert">
          <span>{draft.slice(0, error.start)}</span>
          <em>{draft.slice(error.start, error.end)}</em> {error.message}
        </p>
      )}
    </div>
  );
};
