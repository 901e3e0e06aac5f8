import type { Facet } from '@flywheel/domain/facet';
import type { FieldName, FieldValue, Query } from '@flywheel/domain/query/ast';
import { printQuery } from '@flywheel/domain/query/print';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, X } from 'lucide-react';
import { useState } from 'react';
import { samplesQueries } from '../server.ts';
import { FacetColumns } from './facet-columns.tsx';
import { FacetList } from './facet-list.tsx';

interface FacetSectionProps {
  facet: Facet;
  query: Query;
  onToggle: (value: string) => void;
  onFilter: (values: FieldValue[]) => void;
  onClear: () => void;
}

const SHOWN = 6;

/** One facet: title, how much of it is selected, its values; folded, or opened to all of them with a search. */
export const FacetSection = ({ facet, query, onToggle, onFilter, onClear }: FacetSectionProps) => {
  const [folded, setFolded] = useState(false);
  const values = facet.shape === 'columns' ? facet.values.filter((v) => !/^\d/.test(v.value)) : facet.values;
  const known = facet.values.length + facet.more;
  const chosen = facet.values.filter((v) => v.selected).length;
  const Caret = folded ? ChevronRight : ChevronDown;
  return (
    <section className="facet" data-active={facet.filtered || undefined}>
      <header>
        <h2>
          <button type="button" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
            <Caret className="i i12 t3" aria-hidden="true" />
            {facet.title}
          </button>
        </h2>
        <span className={facet.filtered ? 'acc' : 't3'}>
          {facet.filtered ? `${chosen} of ${known}` : known}
        </span>
        {facet.filtered && (
          <button type="button" className="ib sm" aria-label={`Clear ${facet.title}`} onClick={onClear}>
            <X className="i i12" aria-hidden="true" />
          </button>
        )}
      </header>
      {!folded && (
        <>
          {facet.shape === 'columns' && <FacetColumns facet={facet} query={query} onFilter={onFilter} />}
          <Values facet={{ ...facet, values }} query={query} onToggle={onToggle} />
        </>
      )}
    </section>
  );
};

const Values = ({ facet, query, onToggle }: Pick<FacetSectionProps, 'facet' | 'query' | 'onToggle'>) => {
  const [all, setAll] = useState(false);
  const [contains, setContains] = useState('');
  const field = facet.field as FieldName;
  const hidden = facet.values.length + facet.more - SHOWN;
  const found = useQuery({
    ...samplesQueries.facetValues(printQuery(query), facet.field, contains),
    enabled: all && (facet.more > 0 || contains !== ''),
  });
  if (!all)
    return (
      <>
        <FacetList
          field={field}
          values={facet.values.slice(0, hidden > 1 ? SHOWN : SHOWN + 1)}
          query={query}
          onToggle={onToggle}
        />
        {hidden > 1 && (
          <button type="button" className="facet-more" onClick={() => setAll(true)}>
            {hidden.toLocaleString('en')} more
          </button>
        )}
      </>
    );
  return (
    <>
      {facet.values.length > 12 && (
        <input
          className="field facet-search"
          aria-label={`Search in ${facet.title}`}
          placeholder="search"
          value={contains}
          onChange={(e) => setContains(e.target.value)}
        />
      )}
      <FacetList
        field={field}
        values={found.data && (facet.more > 0 || contains !== '') ? found.data : facet.values}
        query={query}
        onToggle={onToggle}
      />
      <button
        type="button"
        className="facet-more"
        onClick={() => {
          setAll(false);
          setContains('');
        }}
      >
        fewer
      </button>
    </>
  );
};
