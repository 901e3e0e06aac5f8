import type { Facet } from '@flywheel/domain/facet';
import { X } from 'lucide-react';

interface FacetPanelProps {
  facets: readonly Facet[];
  onToggle: (field: string, value: string) => void;
  onClear: (field: string) => void;
}

const SHOWN = 8;

/** Counts respect every other filter; a filtered facet keeps its other values, greyed. */
export const FacetPanel = (p: FacetPanelProps) => (
  <aside className="facets pane" aria-label="Facets">
    {p.facets.map((facet) => (
      <section key={facet.field} className="facet">
        <header>
          <h2>{facet.title}</h2>
          <span className={facet.filtered ? 'acc' : 't3'}>
            {facet.filtered
              ? `${facet.values.filter((v) => v.selected).length} of ${facet.values.length + facet.more}`
              : facet.values.length + facet.more}
          </span>
          {facet.filtered && (
            <button
              type="button"
              className="ib"
              aria-label={`Clear ${facet.title}`}
              onClick={() => p.onClear(facet.field)}
            >
              <X className="i i12" />
            </button>
          )}
        </header>
        <Values facet={facet} onToggle={(value) => p.onToggle(facet.field, value)} />
      </section>
    ))}
  </aside>
);

const Values = ({ facet, onToggle }: { facet: Facet; onToggle: (value: string) => void }) => {
  const largest = Math.max(1, ...facet.values.map((v) => v.count));
  return (
    <ul>
      {facet.values.slice(0, facet.shape === 'columns' ? 12 : SHOWN).map((v) => (
        <li key={v.value}>
          <label
            className="facet-row"
            data-dim={(facet.filtered && !v.selected) || v.count === 0 || undefined}
          >
            <input type="checkbox" checked={v.selected} onChange={() => onToggle(v.value)} />
            <span className="trunc" title={v.label}>
              {v.label}
            </span>
            <span className="bar">
              <i className={v.selected ? '' : 'done'} style={{ width: `${(100 * v.count) / largest}%` }} />
            </span>
            <span className="num" title={`${v.count} of ${v.total}`}>
              {v.count.toLocaleString('en')}
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
};
