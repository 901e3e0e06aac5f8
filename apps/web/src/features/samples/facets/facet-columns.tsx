import type { Facet } from '@flywheel/domain/facet';
import type { FieldName, FieldValue, Query } from '@flywheel/domain/query/ast';
import { selectedValues } from '@flywheel/domain/query/edit';
import { useState } from 'react';
import { columnsOf, rangeOver } from './columns.ts';

interface FacetColumnsProps {
  facet: Facet;
  query: Query;
  /** The field's new filter; none takes it away. */
  onFilter: (values: FieldValue[]) => void;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A small histogram of an ordered facet. A click filters to a column, with shift to the range from the last one. */
export const FacetColumns = ({ facet, query, onFilter }: FacetColumnsProps) => {
  const [anchor, setAnchor] = useState<FieldValue | null>(null);
  const chosen = selectedValues(query, facet.field as FieldName);
  const columns = columnsOf(facet.values, chosen, facet.field === 'error' ? 'S' : '', facet.unit);
  const largest = Math.max(1, ...columns.map((c) => c.count));
  const filtered = columns.some((c) => c.selected !== 'none');
  if (columns.length === 0) return null;
  return (
    <div
      className="columns"
      role="group"
      aria-label={`${facet.title}: click a column, shift-click for a range`}
    >
      {columns.map((c) => (
        <button
          key={c.label}
          type="button"
          aria-pressed={c.selected === 'none' ? false : c.selected === 'all' ? true : 'mixed'}
          data-dim={(filtered && c.selected === 'none') || c.count === 0 || undefined}
          aria-label={`${facet.title} ${c.title}: ${c.count.toLocaleString('en')}`}
          title={`${facet.title} ${c.title}: ${c.count.toLocaleString('en')} of ${c.total.toLocaleString('en')}`}
          onClick={(e) => {
            const only = c.selected === 'all' && columns.every((o) => o === c || o.selected === 'none');
            if (e.shiftKey && anchor) onFilter([rangeOver(anchor, c.filter)]);
            else onFilter(only ? [] : [c.filter]);
            if (!e.shiftKey) setAnchor(c.filter);
          }}
        >
          <span className="columns-n">{compact.format(c.count)}</span>
          <span className="columns-bar" style={{ height: `${(34 * c.count) / largest}px` }} />
          <span className="columns-label">{c.label}</span>
        </button>
      ))}
    </div>
  );
};
